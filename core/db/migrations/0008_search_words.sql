CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE INDEX problems_open_words ON problems USING gin ((message || ' ' || coalesce(vendor_message, '') || ' ' || coalesce(subject, '')) gin_trgm_ops) WHERE resolved_at IS NULL;
--> statement-breakpoint
CREATE INDEX proposals_words ON proposals USING gin ((title || ' ' || reason) gin_trgm_ops);
