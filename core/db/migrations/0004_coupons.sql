CREATE TABLE "coupons" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"code" text NOT NULL,
	"basis_points" integer NOT NULL,
	"least_minor" bigint,
	"least_currency" text,
	"variant_ids" jsonb,
	"excludes_reduced" boolean NOT NULL,
	"usage_limit" integer,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"latest_ends_at" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	"approved_by" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"external_id" text,
	"error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"live_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "coupons_valid" CHECK ("coupons"."basis_points" between 1 and 10000 and "coupons"."latest_ends_at" > "coupons"."starts_at"),
	CONSTRAINT "coupons_least" CHECK (("coupons"."least_minor" is null) = ("coupons"."least_currency" is null) and "coupons"."least_minor" > 0)
);
--> statement-breakpoint
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "coupons_open" ON "coupons" USING btree ("connection_id",lower(code)) WHERE state in ('waiting', 'live');