CREATE TABLE "base_prices" (
	"variant_id" text NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"source" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "base_prices_variant_id_currency_pk" PRIMARY KEY("variant_id","currency"),
	CONSTRAINT "base_prices_positive" CHECK ("base_prices"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "categories" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"parent_id" text,
	"name" jsonb NOT NULL,
	CONSTRAINT "categories_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "price_rules" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"markup_basis_points" integer DEFAULT 0 NOT NULL,
	"fee_basis_points" integer DEFAULT 0 NOT NULL,
	"add_minor" bigint DEFAULT 0 NOT NULL,
	"round_to_minor" bigint DEFAULT 1 NOT NULL,
	"minus_minor" bigint DEFAULT 0 NOT NULL,
	"margin_basis_points" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"title" jsonb NOT NULL,
	"description" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"brand" text,
	"category_id" text,
	"images" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"option_names" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "products_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "promotional_prices" (
	"id" text PRIMARY KEY NOT NULL,
	"variant_id" text NOT NULL,
	"connection_id" text,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "promotional_prices_valid" CHECK ("promotional_prices"."amount_minor" > 0 and "promotional_prices"."ends_at" > "promotional_prices"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "variants" (
	"id" text PRIMARY KEY NOT NULL,
	"product_id" text NOT NULL,
	"sku" text NOT NULL,
	"gtin" text,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"images" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"weight_grams" integer,
	"length_mm" integer,
	"width_mm" integer,
	"height_mm" integer,
	"cost_minor" bigint,
	"cost_currency" text,
	"tax_class" text,
	"compliance" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "variants_sku_unique" UNIQUE("sku"),
	CONSTRAINT "variants_cost" CHECK (("variants"."cost_minor" is null) = ("variants"."cost_currency" is null) and "variants"."cost_minor" >= 0),
	CONSTRAINT "variants_weight" CHECK ("variants"."weight_grams" > 0)
);
--> statement-breakpoint
CREATE TABLE "access_tokens" (
	"connection_id" text NOT NULL,
	"name" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "access_tokens_connection_id_name_pk" PRIMARY KEY("connection_id","name")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"connector" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"currency" text NOT NULL,
	"locale" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"paused_reason" text,
	"is_local" boolean DEFAULT false NOT NULL,
	"rate_scale" double precision DEFAULT 1 NOT NULL,
	"orders_from" timestamp (3) with time zone,
	"max_ended_basis_points" integer DEFAULT 1000 NOT NULL,
	"max_zeroed_basis_points" integer DEFAULT 3000 NOT NULL,
	"max_repriced_basis_points" integer DEFAULT 5000 NOT NULL,
	"max_price_step_basis_points" integer DEFAULT 5000 NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connections_name_unique" UNIQUE("name"),
	CONSTRAINT "connections_rate_scale" CHECK ("connections"."rate_scale" > 0 and ("connections"."rate_scale" = 1 or "connections"."is_local"))
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"sealed_key" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_buckets" (
	"connection_id" text NOT NULL,
	"bucket" text NOT NULL,
	"per_second" double precision NOT NULL,
	"burst" double precision NOT NULL,
	"tokens" double precision NOT NULL,
	"refilled_at" timestamp (3) with time zone NOT NULL,
	"blocked_until" timestamp (3) with time zone,
	"calls_taken" bigint DEFAULT 0 NOT NULL,
	"calls_refused" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "rate_buckets_connection_id_bucket_pk" PRIMARY KEY("connection_id","bucket"),
	CONSTRAINT "rate_buckets_positive" CHECK ("rate_buckets"."per_second" > 0 and "rate_buckets"."burst" >= 1)
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" text PRIMARY KEY NOT NULL,
	"profile" text NOT NULL,
	"source" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"rejects_file" text,
	"actor" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "problems" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"connection_id" text,
	"subject" text,
	"message" text NOT NULL,
	"vendor_message" text,
	"field" text,
	"holds_up" text NOT NULL,
	"remedy" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"times_seen" integer DEFAULT 1 NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolved_by" text
);
--> statement-breakpoint
CREATE TABLE "proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"connection_id" text,
	"title" text NOT NULL,
	"reason" text NOT NULL,
	"diff" jsonb NOT NULL,
	"payload" jsonb NOT NULL,
	"cost_calls" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"proposed_by" text NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"applied_at" timestamp (3) with time zone,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "listing_aspects" (
	"listing_id" text NOT NULL,
	"aspect" text NOT NULL,
	"connection_id" text NOT NULL,
	"revision" bigint DEFAULT 1 NOT NULL,
	"acknowledged_revision" bigint DEFAULT 0 NOT NULL,
	"is_dirty" boolean GENERATED ALWAYS AS (revision > acknowledged_revision) STORED NOT NULL,
	"acknowledged_value" jsonb,
	"acknowledged_fingerprint" text,
	"acknowledged_at" timestamp (3) with time zone,
	"urgency" integer DEFAULT 0 NOT NULL,
	"dirty_since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"not_before" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"refused_revision" bigint,
	CONSTRAINT "listing_aspects_listing_id_aspect_pk" PRIMARY KEY("listing_id","aspect")
);
--> statement-breakpoint
CREATE TABLE "listings" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"variant_id" text NOT NULL,
	"external_id" text,
	"external_parent_id" text,
	"status" text DEFAULT 'draft' NOT NULL,
	"issues" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"ending_since" timestamp (3) with time zone,
	"seen_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "listings_variant" UNIQUE("connection_id","variant_id"),
	CONSTRAINT "listings_live_has_id" CHECK ("listings"."status" <> 'live' or "listings"."external_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "mappings" (
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"ours" text NOT NULL,
	"theirs" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mappings_connection_id_kind_ours_pk" PRIMARY KEY("connection_id","kind","ours")
);
--> statement-breakpoint
CREATE TABLE "price_approvals" (
	"listing_id" text PRIMARY KEY NOT NULL,
	"amount_minor" bigint NOT NULL,
	"approved_by" text NOT NULL,
	"approved_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unbound_listings" (
	"connection_id" text NOT NULL,
	"external_id" text NOT NULL,
	"external_parent_id" text,
	"sku" text,
	"title" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "unbound_listings_connection_id_external_id_pk" PRIMARY KEY("connection_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "order_charges" (
	"order_id" text NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"label" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	CONSTRAINT "order_charges_order_id_position_pk" PRIMARY KEY("order_id","position")
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"kind" text NOT NULL,
	"from_status" text,
	"to_status" text,
	"detail" text,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"external_id" text NOT NULL,
	"sku" text,
	"external_listing_id" text,
	"variant_id" text,
	"title" text NOT NULL,
	"quantity" integer NOT NULL,
	"cancelled_quantity" integer DEFAULT 0 NOT NULL,
	"unit_price_minor" bigint NOT NULL,
	"discount_minor" bigint DEFAULT 0 NOT NULL,
	"tax_minor" bigint DEFAULT 0 NOT NULL,
	"total_minor" bigint NOT NULL,
	CONSTRAINT "order_lines_external" UNIQUE("order_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "order_parties" (
	"order_id" text NOT NULL,
	"role" text NOT NULL,
	"party" jsonb,
	"erased_at" timestamp (3) with time zone,
	CONSTRAINT "order_parties_order_id_role_pk" PRIMARY KEY("order_id","role")
);
--> statement-breakpoint
CREATE TABLE "order_payments" (
	"order_id" text NOT NULL,
	"position" integer NOT NULL,
	"method" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"paid_at" timestamp (3) with time zone,
	"reference" text,
	CONSTRAINT "order_payments_order_id_position_pk" PRIMARY KEY("order_id","position")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"external_id" text NOT NULL,
	"number" text NOT NULL,
	"status" text NOT NULL,
	"external_status" text NOT NULL,
	"is_stock_held" boolean NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	"external_updated_at" timestamp (3) with time zone NOT NULL,
	"external_fingerprint" text NOT NULL,
	"paid_at" timestamp (3) with time zone,
	"currency" text NOT NULL,
	"total_minor" bigint NOT NULL,
	"refunded_minor" bigint DEFAULT 0 NOT NULL,
	"shipping_service" text,
	"ship_by" timestamp (3) with time zone,
	"deliver_by" timestamp (3) with time zone,
	"flags" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"imported_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_external" UNIQUE("connection_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "unreadable_documents" (
	"connection_id" text NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"raw" jsonb NOT NULL,
	"reason" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "unreadable_documents_connection_id_kind_key_pk" PRIMARY KEY("connection_id","kind","key")
);
--> statement-breakpoint
CREATE TABLE "bundle_components" (
	"bundle_id" text NOT NULL,
	"component_id" text NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "bundle_components_bundle_id_component_id_pk" PRIMARY KEY("bundle_id","component_id"),
	CONSTRAINT "bundle_components_valid" CHECK ("bundle_components"."quantity" > 0 and "bundle_components"."bundle_id" <> "bundle_components"."component_id")
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"order_line_id" text NOT NULL,
	"variant_id" text NOT NULL,
	"warehouse_id" text NOT NULL,
	"per_unit" integer DEFAULT 1 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"shipped" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "reservations_order_line_id_variant_id_warehouse_id_pk" PRIMARY KEY("order_line_id","variant_id","warehouse_id"),
	CONSTRAINT "reservations_counts" CHECK ("reservations"."held" >= 0 and "reservations"."shipped" >= 0)
);
--> statement-breakpoint
CREATE TABLE "shortfalls" (
	"order_line_id" text PRIMARY KEY NOT NULL,
	"variant_id" text NOT NULL,
	"quantity" bigint NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "shortfalls_positive" CHECK ("shortfalls"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "stock_allocations" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"variant_id" text,
	"share_basis_points" integer,
	"cap" bigint,
	"buffer" bigint DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stock_allocations_scope" UNIQUE NULLS NOT DISTINCT("connection_id","variant_id"),
	CONSTRAINT "stock_allocations_valid" CHECK ("stock_allocations"."share_basis_points" between 1 and 10000 and "stock_allocations"."cap" >= 0 and "stock_allocations"."buffer" >= 0)
);
--> statement-breakpoint
CREATE TABLE "stock_levels" (
	"variant_id" text NOT NULL,
	"warehouse_id" text NOT NULL,
	"on_hand" bigint DEFAULT 0 NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"incoming" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "stock_levels_variant_id_warehouse_id_pk" PRIMARY KEY("variant_id","warehouse_id"),
	CONSTRAINT "stock_levels_counts" CHECK ("stock_levels"."on_hand" >= 0 and "stock_levels"."reserved" >= 0 and "stock_levels"."incoming" >= 0),
	CONSTRAINT "stock_levels_reserved_exists" CHECK ("stock_levels"."reserved" <= "stock_levels"."on_hand")
);
--> statement-breakpoint
CREATE TABLE "stock_movements" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"variant_id" text NOT NULL,
	"warehouse_id" text NOT NULL,
	"on_hand" bigint DEFAULT 0 NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"incoming" bigint DEFAULT 0 NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"reference" text,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "warehouses" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "warehouses_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"connection_id" text NOT NULL,
	"stream" text NOT NULL,
	"cursor" text,
	"is_complete" boolean DEFAULT true NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cursors_connection_id_stream_pk" PRIMARY KEY("connection_id","stream")
);
--> statement-breakpoint
CREATE TABLE "hub_state" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"connection_id" text NOT NULL,
	"lane" text NOT NULL,
	"holder" text NOT NULL,
	"token" bigint NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp (3) with time zone,
	"approved_until" timestamp (3) with time zone,
	"drastic_count" integer DEFAULT 0 NOT NULL,
	"drastic_since" timestamp (3) with time zone,
	CONSTRAINT "leases_connection_id_lane_pk" PRIMARY KEY("connection_id","lane")
);
--> statement-breakpoint
CREATE TABLE "once_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"operation" text NOT NULL,
	"key" text NOT NULL,
	"input" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"output" jsonb,
	"error" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp (3) with time zone,
	"subject" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "once_calls_key" UNIQUE("connection_id","operation","key")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"connection_id" text NOT NULL,
	"task" text NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"last_tick_at" timestamp (3) with time zone,
	CONSTRAINT "schedules_connection_id_task_pk" PRIMARY KEY("connection_id","task")
);
--> statement-breakpoint
CREATE TABLE "sync_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"task" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"outcome" text,
	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"aspect" text NOT NULL,
	"ticket" text NOT NULL,
	"items" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"submitted_at" timestamp (3) with time zone NOT NULL,
	"checked_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "base_prices" ADD CONSTRAINT "base_prices_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_rules" ADD CONSTRAINT "price_rules_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promotional_prices" ADD CONSTRAINT "promotional_prices_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promotional_prices" ADD CONSTRAINT "promotional_prices_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_buckets" ADD CONSTRAINT "rate_buckets_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "listing_aspects" ADD CONSTRAINT "listing_aspects_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "listings" ADD CONSTRAINT "listings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "listings" ADD CONSTRAINT "listings_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_approvals" ADD CONSTRAINT "price_approvals_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unbound_listings" ADD CONSTRAINT "unbound_listings_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_charges" ADD CONSTRAINT "order_charges_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_parties" ADD CONSTRAINT "order_parties_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_payments" ADD CONSTRAINT "order_payments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unreadable_documents" ADD CONSTRAINT "unreadable_documents_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bundle_components" ADD CONSTRAINT "bundle_components_bundle_id_variants_id_fk" FOREIGN KEY ("bundle_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bundle_components" ADD CONSTRAINT "bundle_components_component_id_variants_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "public"."order_lines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shortfalls" ADD CONSTRAINT "shortfalls_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "public"."order_lines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_allocations" ADD CONSTRAINT "stock_allocations_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_allocations" ADD CONSTRAINT "stock_allocations_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_levels" ADD CONSTRAINT "stock_levels_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_levels" ADD CONSTRAINT "stock_levels_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "public"."warehouses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cursors" ADD CONSTRAINT "cursors_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leases" ADD CONSTRAINT "leases_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "once_calls" ADD CONSTRAINT "once_calls_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD CONSTRAINT "sync_runs_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "products_category" ON "products" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "promotional_prices_variant" ON "promotional_prices" USING btree ("variant_id");--> statement-breakpoint
CREATE INDEX "promotional_prices_starts" ON "promotional_prices" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "promotional_prices_ends" ON "promotional_prices" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "variants_product" ON "variants" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject","id");--> statement-breakpoint
CREATE UNIQUE INDEX "problems_open" ON "problems" USING btree ("key") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "problems_subject" ON "problems" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "problems_connection" ON "problems" USING btree ("connection_id","kind") WHERE resolved_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "proposals_open" ON "proposals" USING btree ("key") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "proposals_status" ON "proposals" USING btree ("status","proposed_at");--> statement-breakpoint
CREATE INDEX "listing_aspects_dirty" ON "listing_aspects" USING btree ("connection_id","aspect","urgency" DESC NULLS LAST,"dirty_since","listing_id") WHERE is_dirty;--> statement-breakpoint
CREATE UNIQUE INDEX "listings_external" ON "listings" USING btree ("connection_id","external_id") WHERE "listings"."external_id" is not null;--> statement-breakpoint
CREATE INDEX "listings_by_variant" ON "listings" USING btree ("variant_id");--> statement-breakpoint
CREATE INDEX "listings_ending" ON "listings" USING btree ("connection_id") WHERE ending_since is not null;--> statement-breakpoint
CREATE INDEX "mappings_theirs" ON "mappings" USING btree ("connection_id","kind","theirs");--> statement-breakpoint
CREATE INDEX "order_events_order" ON "order_events" USING btree ("order_id","id");--> statement-breakpoint
CREATE INDEX "order_lines_variant" ON "order_lines" USING btree ("variant_id");--> statement-breakpoint
CREATE INDEX "order_lines_unknown" ON "order_lines" USING btree ("sku") WHERE variant_id is null;--> statement-breakpoint
CREATE INDEX "orders_open" ON "orders" USING btree ("status","ship_by");--> statement-breakpoint
CREATE INDEX "orders_placed" ON "orders" USING btree ("placed_at");--> statement-breakpoint
CREATE INDEX "bundle_components_component" ON "bundle_components" USING btree ("component_id");--> statement-breakpoint
CREATE INDEX "reservations_variant" ON "reservations" USING btree ("variant_id");--> statement-breakpoint
CREATE INDEX "shortfalls_variant" ON "shortfalls" USING btree ("variant_id","since");--> statement-breakpoint
CREATE INDEX "stock_movements_variant" ON "stock_movements" USING btree ("variant_id","id");--> statement-breakpoint
CREATE INDEX "once_calls_open" ON "once_calls" USING btree ("connection_id","operation","created_at") WHERE state in ('waiting', 'running', 'uncertain');--> statement-breakpoint
CREATE INDEX "once_calls_subject" ON "once_calls" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "sync_runs_recent" ON "sync_runs" USING btree ("connection_id","task","started_at");--> statement-breakpoint
CREATE INDEX "tickets_open" ON "tickets" USING btree ("connection_id","aspect") WHERE settled_at is null;