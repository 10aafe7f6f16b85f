import type { PluginMigration } from 'entrepot/sdk'

/** The plugin's own copy of what it judges, so that one statement can pass over it. */
export const tables: readonly PluginMigration[] = [
  {
    id: '0001',
    statements: `
      create table slow_sellers_goods (
        listing_id text primary key,
        connection_id text not null,
        variant_id text not null,
        product_id text not null,
        sku text not null,
        external_id text,
        title text not null,
        category_key text,
        status text not null,
        is_goods boolean not null,
        currency text not null,
        price_minor bigint,
        sale_minor bigint,
        floor_minor bigint,
        cost_minor bigint,
        on_hand integer not null,
        is_stock_kept boolean not null default false,
        oldest_on date,
        mean_on date,
        created_on date not null,
        sales_from text not null default 'orders',
        wanting text[] not null,
        refreshed_at timestamptz not null
      );
      create index slow_sellers_goods_variant on slow_sellers_goods (variant_id);
      create index slow_sellers_goods_product on slow_sellers_goods (product_id);
      create index slow_sellers_goods_sold on slow_sellers_goods (connection_id, variant_id);
      create table slow_sellers_days (
        listing_id text not null,
        day date not null,
        units integer,
        revenue_minor bigint,
        primary key (listing_id, day)
      );
      create index slow_sellers_days_day on slow_sellers_days (day);
      create table slow_sellers_snapshots (
        listing_id text not null,
        day date not null,
        counter bigint,
        price_minor bigint,
        primary key (listing_id, day)
      );
      create table slow_sellers_sources (connection_id text primary key, first_day date not null);
      create table slow_sellers_cursors (name text primary key, value text not null);
      create table slow_sellers_stock_days (
        variant_id text not null,
        day date not null,
        units integer not null,
        primary key (variant_id, day)
      );
      create table slow_sellers_outages (variant_id text not null, from_day date not null, to_day date);
      create index slow_sellers_outages_variant on slow_sellers_outages (variant_id);
      create table slow_sellers_stock (variant_id text primary key, oldest_on date, mean_on date);`,
  },
  {
    id: '0002',
    statements: `
      create table slow_sellers_findings (
        listing_id text primary key,
        analysed_on date not null,
        slow_since date,
        verdict text not null,
        reasons text[] not null,
        known_days integer,
        days_in_stock integer,
        days_out integer,
        units integer,
        revenue_minor bigint,
        last_sold_on date,
        velocity double precision,
        season_index double precision,
        expected_units double precision,
        season_gap text,
        on_hand integer,
        cover_days double precision,
        stock_age_days integer,
        mean_age_days integer,
        margin_percent double precision,
        return_percent double precision,
        bound_minor bigint
      );
      create index slow_sellers_findings_verdict on slow_sellers_findings (verdict, listing_id);
      create table slow_sellers_steps (
        id bigserial primary key,
        listing_id text not null,
        connection_id text not null,
        variant_id text not null,
        kind text not null,
        day date not null,
        status text not null,
        policy_version text not null,
        proposal_id text,
        currency text not null,
        on_hand integer,
        cost_minor bigint,
        constraint slow_sellers_steps_once unique (listing_id, kind, day)
      );
      create index slow_sellers_steps_proposal on slow_sellers_steps (proposal_id);
      create table slow_sellers_baskets (
        order_id text not null,
        connection_id text not null,
        sku text not null,
        primary key (order_id, sku)
      );
      create index slow_sellers_baskets_sku on slow_sellers_baskets (connection_id, sku);`,
  },
]
