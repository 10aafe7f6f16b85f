CREATE TABLE "sales_quarters" (
	"at" timestamp (3) with time zone NOT NULL,
	"connection_id" text NOT NULL,
	"currency" text NOT NULL,
	"orders" integer NOT NULL,
	"total_minor" bigint NOT NULL,
	CONSTRAINT "sales_quarters_at_connection_id_currency_pk" PRIMARY KEY("at","connection_id","currency")
);
