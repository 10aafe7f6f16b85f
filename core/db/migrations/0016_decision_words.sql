DROP INDEX problems_open_words;
--> statement-breakpoint
DROP INDEX proposals_words;
--> statement-breakpoint
CREATE INDEX problems_open_words ON problems USING gin (search gin_trgm_ops) WHERE resolved_at IS NULL;
--> statement-breakpoint
CREATE INDEX proposals_words ON proposals USING gin (search gin_trgm_ops);
