import type { PluginMigration } from 'entrepot/sdk'

export const tables: readonly PluginMigration[] = [
  {
    id: '0001',
    statements: `
      create table promotions_campaigns (
        id text primary key, revision int not null default 1, status text not null default 'draft', input jsonb not null,
        starts_on timestamptz not null, ends_on timestamptz not null, proposal_id text, plan_fingerprint text,
        approved_at timestamptz, stopped_at timestamptz, settled_at timestamptz, set_aside_proposal_id text,
        lessons text not null default '', created_by text not null, created_at timestamptz not null);
      create index promotions_campaigns_period on promotions_campaigns (ends_on, starts_on);
      create table promotions_goods (
        campaign_id text not null references promotions_campaigns (id) on delete cascade, listing_id text not null,
        connection_id text not null, variant_id text not null, product_id text not null, sku text not null,
        currency text not null, regular_minor bigint not null, price_minor bigint not null, floor_minor bigint, cost_minor bigint,
        starts_at timestamptz not null, ends_at timestamptz not null, expected_milli_units bigint, because jsonb not null,
        promotion_id text, stopped_at timestamptz, stopped_by text, primary key (campaign_id, listing_id));
      create index promotions_goods_product on promotions_goods (product_id);
      create table promotions_price_days (
        listing_id text not null, day date not null, currency text not null, lowest_minor bigint not null,
        primary key (listing_id, day, currency));
      create index promotions_price_days_day on promotions_price_days (day);
      create table promotions_signatures (
        campaign_id text not null references promotions_campaigns (id) on delete cascade, revision int not null, role text not null,
        signed_by text not null, signed_at timestamptz not null, note text not null default '', primary key (campaign_id, revision, role));
      create table promotions_checks (
        campaign_id text primary key references promotions_campaigns (id) on delete cascade, revision int not null,
        checked_at timestamptz not null, checks jsonb not null);
      create table promotions_progress (
        campaign_id text not null references promotions_campaigns (id) on delete cascade, currency text not null, measured_at timestamptz not null,
        units bigint not null, revenue_minor bigint not null, discount_minor bigint not null, primary key (campaign_id, currency));
      create table promotions_stops (
        proposal_id text primary key, campaign_id text not null references promotions_campaigns (id) on delete cascade, rule text not null,
        listing_ids jsonb, reason text not null, proposed_at timestamptz not null);
      create index promotions_stops_campaign on promotions_stops (campaign_id, rule);
      create table promotions_incidents (
        campaign_id text not null references promotions_campaigns (id) on delete cascade, key text not null, message text not null,
        began_at timestamptz not null, ended_at timestamptz, primary key (campaign_id, key));`,
  },
]
