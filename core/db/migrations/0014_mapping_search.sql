-- What a person searches for is part of a name.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE INDEX external_terms_search ON external_terms USING gin (search gin_trgm_ops);
--> statement-breakpoint
CREATE INDEX mapping_words_search ON mapping_words USING gin (search gin_trgm_ops);
--> statement-breakpoint
-- Categories are mapped by the company's own key, which people and files know.
UPDATE mappings SET ours = categories.key FROM categories WHERE mappings.kind = 'category' AND mappings.ours = categories.id;
--> statement-breakpoint
CALL tell_real_changes_of('mapping_words', 'mappings');
