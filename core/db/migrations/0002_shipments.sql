CREATE TABLE "plugin_jobs" (
	"plugin_id" text NOT NULL,
	"job_id" text NOT NULL,
	"last_tick_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "plugin_jobs_plugin_id_job_id_pk" PRIMARY KEY("plugin_id","job_id")
);
--> statement-breakpoint
CREATE TABLE "plugin_migrations" (
	"plugin_id" text NOT NULL,
	"id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"ran_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "plugin_migrations_plugin_id_id_pk" PRIMARY KEY("plugin_id","id")
);
--> statement-breakpoint
CREATE TABLE "packagings" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"length_mm" integer NOT NULL,
	"width_mm" integer NOT NULL,
	"height_mm" integer NOT NULL,
	"tare_grams" integer DEFAULT 0 NOT NULL,
	"max_weight_grams" integer NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "packagings_code_unique" UNIQUE("code"),
	CONSTRAINT "packagings_positive" CHECK ("packagings"."length_mm" > 0 and "packagings"."width_mm" > 0 and "packagings"."height_mm" > 0 and "packagings"."tare_grams" >= 0 and "packagings"."max_weight_grams" > "packagings"."tare_grams")
);
--> statement-breakpoint
CREATE TABLE "parcel_items" (
	"parcel_id" text NOT NULL,
	"order_line_id" text NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "parcel_items_parcel_id_order_line_id_pk" PRIMARY KEY("parcel_id","order_line_id"),
	CONSTRAINT "parcel_items_quantity" CHECK ("parcel_items"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "parcels" (
	"id" text PRIMARY KEY NOT NULL,
	"shipment_id" text NOT NULL,
	"position" integer NOT NULL,
	"weight_grams" integer NOT NULL,
	"length_mm" integer,
	"width_mm" integer,
	"height_mm" integer,
	"packaging_id" text,
	"tracking_number" text,
	"state" text,
	"incident" text,
	"estimated_at" timestamp (3) with time zone,
	"collected_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"claim_by" timestamp (3) with time zone,
	"subscribed_at" timestamp (3) with time zone,
	"asked_at" timestamp (3) with time zone,
	"ask_at" timestamp (3) with time zone,
	CONSTRAINT "parcels_position" UNIQUE("shipment_id","position"),
	CONSTRAINT "parcels_weight" CHECK ("parcels"."weight_grams" > 0)
);
--> statement-breakpoint
CREATE TABLE "shipment_batches" (
	"id" text PRIMARY KEY NOT NULL,
	"order_ids" jsonb NOT NULL,
	"wish" jsonb,
	"skipped" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"handed_over_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "shipment_documents" (
	"id" text PRIMARY KEY NOT NULL,
	"shipment_id" text NOT NULL,
	"parcel_id" text,
	"kind" text NOT NULL,
	"format" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shipments" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text,
	"warehouse_id" text,
	"batch_id" text,
	"connection_id" text,
	"tracking_connection_id" text,
	"carrier" text,
	"service" text,
	"service_name" text,
	"state" text DEFAULT 'planned' NOT NULL,
	"external_id" text,
	"from_place" jsonb NOT NULL,
	"to_place" jsonb NOT NULL,
	"label_format" text,
	"is_signature_required" boolean DEFAULT false NOT NULL,
	"customs" jsonb,
	"declared_minor" bigint,
	"declared_currency" text,
	"offer" jsonb,
	"explanation" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"quoted_minor" bigint,
	"quoted_currency" text,
	"booked_minor" bigint,
	"booked_currency" text,
	"booked_charges" jsonb,
	"ship_at" timestamp (3) with time zone NOT NULL,
	"ship_by" timestamp (3) with time zone,
	"promised_at" timestamp (3) with time zone,
	"booked_at" timestamp (3) with time zone,
	"handed_over_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shipping_quotes" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text,
	"request" jsonb NOT NULL,
	"offers" jsonb NOT NULL,
	"unavailable" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tracking_events" (
	"parcel_id" text NOT NULL,
	"key" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"state" text,
	"incident" text,
	"code" text,
	"description" text NOT NULL,
	"location" text,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tracking_events_parcel_id_key_pk" PRIMARY KEY("parcel_id","key")
);
--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "confirm_at" text DEFAULT 'hand_over' NOT NULL;--> statement-breakpoint
ALTER TABLE "order_lines" ADD COLUMN "handed_over_quantity" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "warehouses" ADD COLUMN "address" jsonb;--> statement-breakpoint
ALTER TABLE "parcel_items" ADD CONSTRAINT "parcel_items_parcel_id_parcels_id_fk" FOREIGN KEY ("parcel_id") REFERENCES "public"."parcels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parcel_items" ADD CONSTRAINT "parcel_items_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "public"."order_lines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parcels" ADD CONSTRAINT "parcels_shipment_id_shipments_id_fk" FOREIGN KEY ("shipment_id") REFERENCES "public"."shipments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parcels" ADD CONSTRAINT "parcels_packaging_id_packagings_id_fk" FOREIGN KEY ("packaging_id") REFERENCES "public"."packagings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipment_documents" ADD CONSTRAINT "shipment_documents_shipment_id_shipments_id_fk" FOREIGN KEY ("shipment_id") REFERENCES "public"."shipments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipment_documents" ADD CONSTRAINT "shipment_documents_parcel_id_parcels_id_fk" FOREIGN KEY ("parcel_id") REFERENCES "public"."parcels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipments" ADD CONSTRAINT "shipments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipments" ADD CONSTRAINT "shipments_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "public"."warehouses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipments" ADD CONSTRAINT "shipments_batch_id_shipment_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "public"."shipment_batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipments" ADD CONSTRAINT "shipments_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipments" ADD CONSTRAINT "shipments_tracking_connection_id_connections_id_fk" FOREIGN KEY ("tracking_connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shipping_quotes" ADD CONSTRAINT "shipping_quotes_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tracking_events" ADD CONSTRAINT "tracking_events_parcel_id_parcels_id_fk" FOREIGN KEY ("parcel_id") REFERENCES "public"."parcels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "parcel_items_line" ON "parcel_items" USING btree ("order_line_id");--> statement-breakpoint
CREATE INDEX "parcels_tracking" ON "parcels" USING btree ("tracking_number");--> statement-breakpoint
CREATE INDEX "parcels_ask" ON "parcels" USING btree ("ask_at") WHERE ask_at is not null;--> statement-breakpoint
CREATE INDEX "shipment_documents_shipment" ON "shipment_documents" USING btree ("shipment_id");--> statement-breakpoint
CREATE INDEX "shipments_order" ON "shipments" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "shipments_batch" ON "shipments" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "shipments_external" ON "shipments" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "shipments_state" ON "shipments" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "shipments_booked" ON "shipments" USING btree ("booked_at","id") WHERE booked_at is not null;--> statement-breakpoint
CREATE INDEX "shipping_quotes_order" ON "shipping_quotes" USING btree ("order_id","created_at");