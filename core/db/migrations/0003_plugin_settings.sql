CREATE TABLE "plugin_settings" (
	"plugin_id" text PRIMARY KEY NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "promotional_prices" ADD COLUMN "approved_by" text;--> statement-breakpoint
ALTER TABLE "proposals" ADD COLUMN "undo" jsonb;--> statement-breakpoint
ALTER TABLE "proposals" ADD COLUMN "undone_by" text;--> statement-breakpoint
ALTER TABLE "proposals" ADD COLUMN "undone_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "products_updated" ON "products" USING btree ("updated_at");