CREATE TABLE "proposal_lines" (
	"proposal_id" text NOT NULL,
	"position" integer NOT NULL,
	"subject" text NOT NULL,
	"field" text NOT NULL,
	"was" jsonb,
	"becomes" jsonb,
	CONSTRAINT "proposal_lines_proposal_id_position_pk" PRIMARY KEY("proposal_id","position")
);
--> statement-breakpoint
CREATE TABLE "import_mappings" (
	"signature" text NOT NULL,
	"kind" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"saved_by" text NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "import_mappings_signature_kind_pk" PRIMARY KEY("signature","kind")
);
--> statement-breakpoint
CREATE TABLE "import_uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"file_name" text NOT NULL,
	"path" text NOT NULL,
	"bytes" bigint NOT NULL,
	"format" text NOT NULL,
	"encoding" text NOT NULL,
	"delimiter" text NOT NULL,
	"columns" jsonb NOT NULL,
	"signature" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_hours" (
	"connection_id" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"bucket" text NOT NULL,
	"outcome" text NOT NULL,
	"calls" integer NOT NULL,
	"waited_ms" bigint NOT NULL,
	"duration_ms" bigint NOT NULL,
	CONSTRAINT "call_hours_connection_id_hour_bucket_outcome_pk" PRIMARY KEY("connection_id","hour","bucket","outcome")
);
--> statement-breakpoint
CREATE TABLE "http_calls" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"run_id" text,
	"operation" text,
	"at" timestamp (3) with time zone NOT NULL,
	"method" text NOT NULL,
	"host" text NOT NULL,
	"path" text NOT NULL,
	"bucket" text NOT NULL,
	"waited_ms" integer NOT NULL,
	"duration_ms" integer NOT NULL,
	"status" integer,
	"failure" text,
	"request_bytes" integer NOT NULL,
	"response_bytes" integer NOT NULL,
	"request_body" text,
	"response_body" text
);
--> statement-breakpoint
CREATE TABLE "listing_counts" (
	"connection_id" text NOT NULL,
	"aspect" text NOT NULL,
	"listings" integer NOT NULL,
	"dirty" integer NOT NULL,
	"refused" integer NOT NULL,
	"oldest_dirty_since" timestamp (3) with time zone,
	"counted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "listing_counts_connection_id_aspect_pk" PRIMARY KEY("connection_id","aspect")
);
--> statement-breakpoint
CREATE TABLE "operation_outcomes" (
	"connection_id" text NOT NULL,
	"operation" text NOT NULL,
	"last_success_at" timestamp (3) with time zone,
	"last_failure_at" timestamp (3) with time zone,
	"last_failure_kind" text,
	"last_failure_message" text,
	"successes" bigint DEFAULT 0 NOT NULL,
	"failures" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "operation_outcomes_connection_id_operation_pk" PRIMARY KEY("connection_id","operation")
);
--> statement-breakpoint
CREATE TABLE "stock_days" (
	"day" date NOT NULL,
	"currency" text NOT NULL,
	"units" bigint NOT NULL,
	"value_minor" bigint NOT NULL,
	"taken_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stock_days_day_currency_pk" PRIMARY KEY("day","currency")
);
--> statement-breakpoint
CREATE TABLE "webhook_receipts" (
	"connection_id" text NOT NULL,
	"outcome" text NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"received" bigint NOT NULL,
	CONSTRAINT "webhook_receipts_connection_id_outcome_pk" PRIMARY KEY("connection_id","outcome")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"return_id" text,
	"reference" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"lines" jsonb NOT NULL,
	"is_restocked" boolean NOT NULL,
	"proposal_id" text,
	"call_id" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp (3) with time zone,
	CONSTRAINT "refunds_reference" UNIQUE("order_id","reference"),
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "return_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"return_id" text NOT NULL,
	"kind" text NOT NULL,
	"from_status" text,
	"to_status" text,
	"detail" text,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "return_lines" (
	"return_id" text NOT NULL,
	"order_line_id" text NOT NULL,
	"quantity" integer NOT NULL,
	"reason" text NOT NULL,
	"condition" text,
	"restocked_quantity" integer DEFAULT 0 NOT NULL,
	"written_off_quantity" integer DEFAULT 0 NOT NULL,
	"missing_quantity" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "return_lines_return_id_order_line_id_pk" PRIMARY KEY("return_id","order_line_id"),
	CONSTRAINT "return_lines_counts" CHECK ("return_lines"."quantity" > 0 and "return_lines"."restocked_quantity" >= 0 and "return_lines"."written_off_quantity" >= 0 and "return_lines"."missing_quantity" >= 0 and "return_lines"."restocked_quantity" + "return_lines"."written_off_quantity" + "return_lines"."missing_quantity" <= "return_lines"."quantity")
);
--> statement-breakpoint
CREATE TABLE "returns" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"external_id" text,
	"status" text NOT NULL,
	"external_updated_at" timestamp (3) with time zone,
	"external_fingerprint" text,
	"note" text,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "returns_external" UNIQUE("connection_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "work_items" (
	"work_id" text NOT NULL,
	"position" integer NOT NULL,
	"subject" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"reason" text,
	"undo" jsonb,
	CONSTRAINT "work_items_work_id_position_pk" PRIMARY KEY("work_id","position")
);
--> statement-breakpoint
CREATE TABLE "works" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"parameters" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"actor" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"total" bigint DEFAULT 0 NOT NULL,
	"done" bigint DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"cursor" jsonb,
	"result" jsonb,
	"error" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"undoes" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"changed_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"cancelled_by" text
);
--> statement-breakpoint
DROP INDEX "proposals_status";--> statement-breakpoint
DROP INDEX "orders_open";--> statement-breakpoint
DROP INDEX "orders_placed";--> statement-breakpoint
DROP INDEX "sync_runs_recent";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "max_refund_minor" bigint DEFAULT 20000;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "kind" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "file_name" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "work_id" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "columns" jsonb;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "delimiter" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "stopped_by" text;--> statement-breakpoint
ALTER TABLE "problems" ADD COLUMN "cause" text GENERATED ALWAYS AS (left(regexp_replace(regexp_replace(lower(coalesce(vendor_message, message)), '"[^"]*"|“[^”]*”|''[^'']*''|[(][^)]*[)]', '…', 'g'), '[^ ]*[0-9][^ ]*', '#', 'g'), 200)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "proposals" ADD COLUMN "line_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "proposals" ADD COLUMN "diff_print" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "order_parties" ADD COLUMN "corrected" jsonb;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "hold_reason" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "held_by" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "held_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "shipment_batches" ADD COLUMN "cancelled_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "calls" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "failed_calls" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "lease_token" bigint;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "cancelled_by" text;--> statement-breakpoint
ALTER TABLE "sync_runs" ADD COLUMN "is_idle" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "proposal_lines" ADD CONSTRAINT "proposal_lines_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_return_id_returns_id_fk" FOREIGN KEY ("return_id") REFERENCES "public"."returns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_call_id_once_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."once_calls"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "return_events" ADD CONSTRAINT "return_events_return_id_returns_id_fk" FOREIGN KEY ("return_id") REFERENCES "public"."returns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "return_lines" ADD CONSTRAINT "return_lines_return_id_returns_id_fk" FOREIGN KEY ("return_id") REFERENCES "public"."returns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "return_lines" ADD CONSTRAINT "return_lines_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "public"."order_lines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "returns" ADD CONSTRAINT "returns_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "returns" ADD CONSTRAINT "returns_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_items" ADD CONSTRAINT "work_items_work_id_works_id_fk" FOREIGN KEY ("work_id") REFERENCES "public"."works"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proposal_lines_subject" ON "proposal_lines" USING btree ("proposal_id","subject");--> statement-breakpoint
CREATE INDEX "call_hours_hour" ON "call_hours" USING btree ("hour");--> statement-breakpoint
CREATE INDEX "http_calls_run" ON "http_calls" USING btree ("run_id","id") WHERE run_id is not null;--> statement-breakpoint
CREATE INDEX "http_calls_connection" ON "http_calls" USING btree ("connection_id","id");--> statement-breakpoint
CREATE INDEX "http_calls_failed" ON "http_calls" USING btree ("connection_id","at","failure") WHERE failure is not null;--> statement-breakpoint
CREATE INDEX "http_calls_at" ON "http_calls" USING brin ("at");--> statement-breakpoint
CREATE INDEX "refunds_return" ON "refunds" USING btree ("return_id");--> statement-breakpoint
CREATE INDEX "refunds_call" ON "refunds" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "return_events_return" ON "return_events" USING btree ("return_id","id");--> statement-breakpoint
CREATE INDEX "return_lines_line" ON "return_lines" USING btree ("order_line_id");--> statement-breakpoint
CREATE INDEX "returns_order" ON "returns" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "returns_created" ON "returns" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "returns_status" ON "returns" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "returns_connection" ON "returns" USING btree ("connection_id","created_at","id");--> statement-breakpoint
CREATE INDEX "work_items_failed" ON "work_items" USING btree ("work_id","position") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "works_open" ON "works" USING btree ("id") WHERE state in ('waiting', 'running');--> statement-breakpoint
CREATE INDEX "works_state" ON "works" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "works_kind" ON "works" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "works_actor" ON "works" USING btree ("actor","id");--> statement-breakpoint
CREATE UNIQUE INDEX "works_undoes" ON "works" USING btree ("undoes");--> statement-breakpoint
CREATE INDEX "imports_kind" ON "imports" USING btree ("kind","id");--> statement-breakpoint
CREATE INDEX "imports_work" ON "imports" USING btree ("work_id");--> statement-breakpoint
CREATE INDEX "problems_open_seen" ON "problems" USING btree ("last_seen_at","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "problems_open_since" ON "problems" USING btree ("since","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "problems_open_times" ON "problems" USING btree ("times_seen","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "problems_open_kind" ON "problems" USING btree ("kind","last_seen_at","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "problems_open_cause" ON "problems" USING btree ("kind","connection_id","cause","since","last_seen_at","id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "problems_resolved" ON "problems" USING btree ("resolved_at","id") WHERE resolved_at is not null;--> statement-breakpoint
CREATE INDEX "problems_open_subject" ON "problems" USING btree ("subject") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "proposals_cost" ON "proposals" USING btree ("status","cost_calls","id");--> statement-breakpoint
CREATE INDEX "proposals_kind" ON "proposals" USING btree ("status","kind","proposed_at","id");--> statement-breakpoint
CREATE INDEX "proposals_connection" ON "proposals" USING btree ("connection_id","status","proposed_at","id");--> statement-breakpoint
CREATE INDEX "proposals_proposer" ON "proposals" USING btree ("proposed_by","status","proposed_at","id");--> statement-breakpoint
CREATE INDEX "order_lines_unbound" ON "order_lines" USING btree ("order_id") WHERE variant_id is null;--> statement-breakpoint
CREATE INDEX "order_lines_sku" ON "order_lines" USING btree ("sku");--> statement-breakpoint
CREATE INDEX "order_parties_faulty" ON "order_parties" USING btree ("order_id") WHERE coalesce(corrected, party) ->> 'country' is null;--> statement-breakpoint
CREATE INDEX "orders_status_placed" ON "orders" USING btree ("status","placed_at","id");--> statement-breakpoint
CREATE INDEX "orders_connection_placed" ON "orders" USING btree ("connection_id","placed_at","id");--> statement-breakpoint
CREATE INDEX "orders_ship_by" ON "orders" USING btree ("ship_by","id");--> statement-breakpoint
CREATE INDEX "orders_total" ON "orders" USING btree ("total_minor","id");--> statement-breakpoint
CREATE INDEX "orders_number" ON "orders" USING btree ("number" collate "C","id");--> statement-breakpoint
CREATE INDEX "orders_external_id" ON "orders" USING btree ("external_id" collate "C","id");--> statement-breakpoint
CREATE INDEX "orders_held" ON "orders" USING btree ("held_at") WHERE held_at is not null;--> statement-breakpoint
CREATE INDEX "orders_flags" ON "orders" USING gin ("flags") WHERE flags <> '[]'::jsonb;--> statement-breakpoint
CREATE INDEX "orders_sales" ON "orders" USING btree ("placed_at","connection_id","currency","status","total_minor");--> statement-breakpoint
CREATE INDEX "parcels_tracking_start" ON "parcels" USING btree ("tracking_number" collate "C");--> statement-breakpoint
CREATE INDEX "parcels_incident" ON "parcels" USING btree ("shipment_id") WHERE incident is not null or state in ('lost', 'returning', 'returned');--> statement-breakpoint
CREATE INDEX "shipments_created" ON "shipments" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "shipments_carrier" ON "shipments" USING btree ("carrier","created_at","id");--> statement-breakpoint
CREATE INDEX "shipments_connection" ON "shipments" USING btree ("connection_id","created_at","id");--> statement-breakpoint
CREATE INDEX "shipments_undelivered" ON "shipments" USING btree ("promised_at","id") WHERE state = 'booked' and delivered_at is null and promised_at is not null;--> statement-breakpoint
CREATE INDEX "shipments_promised" ON "shipments" USING btree ("promised_at","id");--> statement-breakpoint
CREATE INDEX "shipments_to_hand_over" ON "shipments" USING btree ("created_at","id") WHERE state = 'booked' and handed_over_at is null;--> statement-breakpoint
CREATE INDEX "sync_runs_busy" ON "sync_runs" USING btree ("id") WHERE not is_idle;--> statement-breakpoint
CREATE INDEX "sync_runs_connection" ON "sync_runs" USING btree ("connection_id","is_idle","id");--> statement-breakpoint
CREATE INDEX "sync_runs_task" ON "sync_runs" USING btree ("task","is_idle","id");--> statement-breakpoint
CREATE INDEX "sync_runs_outcome" ON "sync_runs" USING btree ("outcome","id") WHERE outcome <> 'done';--> statement-breakpoint
CREATE INDEX "sync_runs_open" ON "sync_runs" USING btree ("connection_id","task") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "proposals_status" ON "proposals" USING btree ("status","proposed_at","id");--> statement-breakpoint
CREATE INDEX "orders_open" ON "orders" USING btree ("ship_by","id") WHERE status in ('pending_payment', 'paid', 'allocated');--> statement-breakpoint
CREATE INDEX "orders_placed" ON "orders" USING btree ("placed_at","id");--> statement-breakpoint
CREATE INDEX "sync_runs_recent" ON "sync_runs" USING btree ("connection_id","task","id");