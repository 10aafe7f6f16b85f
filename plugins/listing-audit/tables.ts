import type { PluginMigration } from 'entrepot/sdk'

/** The newest judgement of each listing, scores by day, and what was proposed. */
export const tables: readonly PluginMigration[] = [
  {
    id: '0001',
    statements: `
      create table listing_audit_results (
        listing_id text primary key,
        connection_id text not null,
        product_id text not null,
        variant_id text not null,
        sku text not null,
        category_key text,
        locale text not null,
        status text not null,
        title text not null,
        score integer not null,
        findings jsonb not null,
        measures jsonb not null,
        fingerprint text not null,
        judged_at timestamptz not null
      );
      create index listing_audit_results_scores on listing_audit_results (connection_id, score);
      create index listing_audit_results_variants on listing_audit_results (variant_id);
      create table listing_audit_scores (
        day date not null,
        connection_id text not null,
        category_key text not null,
        listings integer not null,
        score_sum bigint not null,
        errors integer not null,
        warnings integer not null,
        blocked integer not null,
        unlawful integer not null,
        primary key (day, connection_id, category_key)
      );
      create table listing_audit_state (key text primary key, value text not null);
      create table listing_audit_required (
        category_key text not null,
        attribute text not null,
        primary key (category_key, attribute)
      );
      create table listing_audit_delistings (
        listing_id text primary key,
        print text not null,
        proposal_id text not null,
        proposed_at timestamptz not null
      );`,
  },
  {
    id: '0002-images',
    statements: `
      create table listing_audit_images (
        url text primary key,
        fault text,
        width_px integer,
        height_px integer,
        sharpness double precision,
        white_border double precision,
        digest text,
        likeness text,
        measured_at timestamptz not null,
        seen_at timestamptz not null
      );`,
  },
]
