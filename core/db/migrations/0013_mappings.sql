CREATE TABLE "external_terms" (
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"scope" text DEFAULT '' NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"parent_id" text,
	"path" text DEFAULT '' NOT NULL,
	"is_assignable" boolean DEFAULT true NOT NULL,
	"is_required" boolean DEFAULT false NOT NULL,
	"reading" text,
	"is_listed" boolean DEFAULT true NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"search" text GENERATED ALWAYS AS (lower(path || ' ' || name || ' ' || id)) STORED NOT NULL,
	CONSTRAINT "external_terms_connection_id_kind_scope_id_pk" PRIMARY KEY("connection_id","kind","scope","id")
);
--> statement-breakpoint
CREATE TABLE "mapping_batches" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"how" text NOT NULL,
	"changes" integer NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"undoes" text
);
--> statement-breakpoint
CREATE TABLE "mapping_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"batch_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"scope" text DEFAULT '' NOT NULL,
	"word" text NOT NULL,
	"before" text,
	"after" text,
	"revision" integer NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"undone_at" timestamp (3) with time zone,
	"undone_by" text
);
--> statement-breakpoint
CREATE TABLE "mapping_kind_states" (
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"refreshed_at" timestamp (3) with time zone NOT NULL,
	"took_ms" integer NOT NULL,
	CONSTRAINT "mapping_kind_states_connection_id_kind_pk" PRIMARY KEY("connection_id","kind")
);
--> statement-breakpoint
CREATE TABLE "mapping_words" (
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"scope" text DEFAULT '' NOT NULL,
	"word" text NOT NULL,
	"name" text NOT NULL,
	"path" text DEFAULT '' NOT NULL,
	"listings" integer DEFAULT 0 NOT NULL,
	"orders" integer DEFAULT 0 NOT NULL,
	"problems" integer DEFAULT 0 NOT NULL,
	"weight" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"confidence" real DEFAULT 0 NOT NULL,
	"suggestions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"search" text GENERATED ALWAYS AS (lower(scope || ' ' || path || ' ' || name || ' ' || word)) STORED NOT NULL,
	CONSTRAINT "mapping_words_connection_id_kind_scope_word_pk" PRIMARY KEY("connection_id","kind","scope","word")
);
--> statement-breakpoint
DROP INDEX "mappings_theirs";--> statement-breakpoint
ALTER TABLE "mappings" DROP CONSTRAINT "mappings_connection_id_kind_ours_pk";--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "scope" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "word" text GENERATED ALWAYS AS (case when kind in ('sku', 'order_state') then theirs else ours end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "updated_by" text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE "external_terms" ADD CONSTRAINT "external_terms_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mapping_batches" ADD CONSTRAINT "mapping_batches_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mapping_changes" ADD CONSTRAINT "mapping_changes_batch_id_mapping_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."mapping_batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mapping_changes" ADD CONSTRAINT "mapping_changes_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mapping_kind_states" ADD CONSTRAINT "mapping_kind_states_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mapping_words" ADD CONSTRAINT "mapping_words_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "external_terms_name" ON "external_terms" USING btree ("connection_id","kind","scope","name","id");--> statement-breakpoint
CREATE INDEX "mapping_batches_connection" ON "mapping_batches" USING btree ("connection_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "mapping_changes_batch" ON "mapping_changes" USING btree ("batch_id","id");--> statement-breakpoint
CREATE INDEX "mapping_changes_word" ON "mapping_changes" USING btree ("connection_id","kind","scope","word","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "mapping_words_weight" ON "mapping_words" USING btree ("connection_id","kind","weight" DESC NULLS LAST,"scope","word");--> statement-breakpoint
CREATE INDEX "mapping_words_state" ON "mapping_words" USING btree ("connection_id","kind","state","weight" DESC NULLS LAST,"scope","word");--> statement-breakpoint
CREATE INDEX "mapping_words_confidence" ON "mapping_words" USING btree ("connection_id","kind","confidence" DESC NULLS LAST,"scope","word");--> statement-breakpoint
CREATE INDEX "variants_gtin" ON "variants" USING btree ("gtin") WHERE gtin is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "mappings_key" ON "mappings" USING btree ("connection_id","kind","scope","word");--> statement-breakpoint
CREATE INDEX "mappings_word" ON "mappings" USING btree ("kind","scope","word");--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_scope" CHECK (("mappings"."kind" = 'attribute_value') = ("mappings"."scope" <> ''));