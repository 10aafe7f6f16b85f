export const invoiceTables = `
  create table carrier_costs_invoice_profiles (
    name text primary key,
    profile jsonb not null,
    changed_by text not null,
    changed_at timestamptz not null
  );
  create table carrier_costs_invoice_settings (
    id boolean primary key default true check (id),
    tolerance_minor integer not null check (tolerance_minor >= 0),
    dispute_days integer not null check (dispute_days > 0)
  );
  insert into carrier_costs_invoice_settings values (true, 5, 30);
  create table carrier_costs_invoice_lines (
    carrier text not null,
    invoice_number text not null,
    line_key text not null,
    invoice_date date not null,
    reference text not null,
    -- The shipment's id, or what was billed where none is known.
    subject text not null,
    shipment_id text,
    kind text not null,
    code text not null,
    label text not null,
    amount_minor bigint not null,
    currency text not null,
    billed_weight_grams integer,
    dimensional_weight_grams integer,
    imported_by text not null,
    imported_at timestamptz not null,
    primary key (carrier, invoice_number, line_key)
  );
  create index carrier_costs_invoice_lines_subject on carrier_costs_invoice_lines (subject);
  create index carrier_costs_invoice_lines_unknown on carrier_costs_invoice_lines (subject) where shipment_id is null;
  create table carrier_costs_differences (
    subject text not null,
    key text not null,
    shipment_id text,
    carrier text not null,
    reference text not null,
    cause text not null,
    code text not null,
    invoice_number text not null,
    invoice_date date not null,
    amount_minor bigint not null,
    credited_minor bigint not null,
    currency text not null,
    reason text not null,
    deadline date not null,
    -- What a person decided; a credit that covers the amount settles it whatever that is.
    decided text not null default 'open',
    state text not null,
    note text not null default '',
    found_at timestamptz not null,
    changed_by text,
    changed_at timestamptz not null,
    primary key (subject, key)
  );
  create index carrier_costs_differences_state on carrier_costs_differences (state, deadline);
  create index carrier_costs_differences_shipment on carrier_costs_differences (shipment_id);`
