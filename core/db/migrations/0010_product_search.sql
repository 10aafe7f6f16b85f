CREATE TABLE "saved_views" (
	"id" text PRIMARY KEY NOT NULL,
	"list" text NOT NULL,
	"name" text NOT NULL,
	"filters" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"sort" text,
	"columns" jsonb,
	"owner" text NOT NULL,
	"is_shared" boolean DEFAULT false NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "saved_views_name" UNIQUE("owner","list","name")
);
--> statement-breakpoint
DROP INDEX "products_category";--> statement-breakpoint
DROP INDEX "products_updated";--> statement-breakpoint
ALTER TABLE "base_prices" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "updated_by" text;--> statement-breakpoint
ALTER TABLE "variants" ADD COLUMN "search" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "stock_allocations" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "stock_allocations" ADD COLUMN "updated_by" text;--> statement-breakpoint
CREATE INDEX "saved_views_shared" ON "saved_views" USING btree ("list") WHERE is_shared;--> statement-breakpoint
CREATE INDEX "products_brand" ON "products" USING btree ("brand","key");--> statement-breakpoint
CREATE INDEX "listing_aspects_waiting" ON "listing_aspects" USING btree ("dirty_since","listing_id") WHERE is_dirty;--> statement-breakpoint
CREATE INDEX "listing_aspects_refused" ON "listing_aspects" USING btree ("listing_id") WHERE refused_revision is not null;--> statement-breakpoint
CREATE INDEX "listings_connection" ON "listings" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "listings_status" ON "listings" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "listings_connection_status" ON "listings" USING btree ("connection_id","status","id");--> statement-breakpoint
CREATE INDEX "listings_external_id" ON "listings" USING btree ("external_id") WHERE "listings"."external_id" is not null;--> statement-breakpoint
CREATE INDEX "listings_issues" ON "listings" USING btree ("id") WHERE "listings"."issues" <> '[]'::jsonb;--> statement-breakpoint
CREATE INDEX "stock_levels_on_hand" ON "stock_levels" USING btree ("on_hand","variant_id","warehouse_id");--> statement-breakpoint
CREATE INDEX "stock_levels_available" ON "stock_levels" USING btree ((on_hand - reserved),"variant_id","warehouse_id");--> statement-breakpoint
CREATE INDEX "stock_levels_reserved" ON "stock_levels" USING btree (nullif(reserved, 0),"variant_id","warehouse_id") WHERE nullif(reserved, 0) is not null;--> statement-breakpoint
CREATE INDEX "stock_levels_incoming" ON "stock_levels" USING btree (nullif(incoming, 0),"variant_id","warehouse_id") WHERE nullif(incoming, 0) is not null;--> statement-breakpoint
CREATE INDEX "products_category" ON "products" USING btree ("category_id","key");--> statement-breakpoint
CREATE INDEX "products_updated" ON "products" USING btree ("updated_at","id");