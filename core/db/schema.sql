-- What the migrations make; written by "npm run db:dump" and compared in the tests.

table access_tokens
  connection_id text not null
  name text not null
  sealed bytea not null
  expires_at timestamp(3) with time zone not null
  constraint access_tokens_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint access_tokens_connection_id_name_pk PRIMARY KEY (connection_id, name)

table audit_log
  id bigint not null default nextval('audit_log_id_seq'::regclass)
  at timestamp(3) with time zone not null
  actor text not null
  action text not null
  subject text not null
  before jsonb
  after jsonb
  previous_hash text not null
  hash text not null
  constraint audit_log_pkey PRIMARY KEY (id)
  CREATE INDEX audit_log_subject ON audit_log USING btree (subject, id)
  CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table auth_accounts
  id text not null
  account_id text not null
  provider_id text not null
  user_id text not null
  access_token text
  refresh_token text
  id_token text
  access_token_expires_at timestamp(3) with time zone
  refresh_token_expires_at timestamp(3) with time zone
  scope text
  password text
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null
  constraint auth_accounts_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_accounts_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_accounts_user ON auth_accounts USING btree (user_id, provider_id)

table auth_api_keys
  id text not null
  name text not null
  key_hash text not null
  start text not null
  owner_id text not null
  role text not null
  tags jsonb
  expires_at timestamp(3) with time zone
  last_used_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null
  revoked_at timestamp(3) with time zone
  constraint auth_api_keys_owner_id_auth_users_id_fk FOREIGN KEY (owner_id) REFERENCES auth_users(id)
  constraint auth_api_keys_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_api_keys_hash ON auth_api_keys USING btree (key_hash)
  CREATE UNIQUE INDEX auth_api_keys_name ON auth_api_keys USING btree (name) WHERE (revoked_at IS NULL)
  CREATE INDEX auth_api_keys_owner ON auth_api_keys USING btree (owner_id)

table auth_attempts
  key text not null
  count integer not null
  since timestamp(3) with time zone not null
  constraint auth_attempts_pkey PRIMARY KEY (key)
  CREATE INDEX auth_attempts_since ON auth_attempts USING btree (since)

table auth_links
  token_hash text not null
  purpose text not null
  user_id text
  created_by text not null
  created_at timestamp(3) with time zone not null
  expires_at timestamp(3) with time zone not null
  constraint auth_links_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_links_pkey PRIMARY KEY (token_hash)
  CREATE INDEX auth_links_user ON auth_links USING btree (user_id)

table auth_sessions
  id text not null
  token text not null
  user_id text not null
  expires_at timestamp(3) with time zone not null
  ip_address text
  user_agent text
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null
  constraint auth_sessions_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_sessions_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_sessions_token ON auth_sessions USING btree (token)
  CREATE INDEX auth_sessions_user ON auth_sessions USING btree (user_id)

table auth_two_factors
  id text not null
  secret text not null
  backup_codes text not null
  user_id text not null
  verified boolean default true
  failed_verification_count integer default 0
  locked_until timestamp(3) with time zone
  constraint auth_two_factors_user_id_auth_users_id_fk FOREIGN KEY (user_id) REFERENCES auth_users(id) ON DELETE CASCADE
  constraint auth_two_factors_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX auth_two_factors_user ON auth_two_factors USING btree (user_id)

table auth_users
  id text not null
  name text not null
  email text not null
  email_verified boolean not null default false
  image text
  two_factor_enabled boolean default false
  role text not null
  disabled_at timestamp(3) with time zone
  locale text
  theme text not null default 'auto'::text
  last_sign_in_at timestamp(3) with time zone
  revision integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint auth_users_pkey PRIMARY KEY (id)
  CREATE INDEX auth_users_admins ON auth_users USING btree (id) WHERE ((role = 'admin'::text) AND (disabled_at IS NULL))
  CREATE UNIQUE INDEX auth_users_email ON auth_users USING btree (email)

table auth_verifications
  id text not null
  identifier text not null
  value text not null
  expires_at timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint auth_verifications_pkey PRIMARY KEY (id)
  CREATE INDEX auth_verifications_expiry ON auth_verifications USING btree (expires_at)
  CREATE INDEX auth_verifications_identifier ON auth_verifications USING btree (identifier)

table base_prices
  variant_id text not null
  currency text not null
  amount_minor bigint not null
  source text not null
  updated_at timestamp(3) with time zone not null default now()
  constraint base_prices_positive CHECK ((amount_minor > 0))
  constraint base_prices_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint base_prices_variant_id_currency_pk PRIMARY KEY (variant_id, currency)
  CREATE INDEX base_prices_updated ON base_prices USING btree (updated_at)

table bundle_components
  bundle_id text not null
  component_id text not null
  quantity integer not null
  constraint bundle_components_valid CHECK (((quantity > 0) AND (bundle_id <> component_id)))
  constraint bundle_components_bundle_id_variants_id_fk FOREIGN KEY (bundle_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint bundle_components_component_id_variants_id_fk FOREIGN KEY (component_id) REFERENCES variants(id)
  constraint bundle_components_bundle_id_component_id_pk PRIMARY KEY (bundle_id, component_id)
  CREATE INDEX bundle_components_component ON bundle_components USING btree (component_id)

table categories
  id text not null
  key text not null
  parent_id text
  name jsonb not null
  constraint categories_pkey PRIMARY KEY (id)
  constraint categories_key_unique UNIQUE (key)

table connections
  id text not null
  connector text not null
  name text not null
  settings jsonb not null
  currency text not null
  locale text not null
  status text not null default 'active'::text
  paused_reason text
  is_local boolean not null default false
  rate_scale double precision not null default 1
  orders_from timestamp(3) with time zone
  max_ended_basis_points integer not null default 1000
  max_zeroed_basis_points integer not null default 3000
  max_repriced_basis_points integer not null default 5000
  max_price_step_basis_points integer not null default 5000
  revision integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  confirm_at text not null default 'hand_over'::text
  constraint connections_rate_scale CHECK (((rate_scale > (0)::double precision) AND ((rate_scale = (1)::double precision) OR is_local)))
  constraint connections_pkey PRIMARY KEY (id)
  constraint connections_name_unique UNIQUE (name)

table coupons
  id text not null
  connection_id text not null
  code text not null
  basis_points integer not null
  least_minor bigint
  least_currency text
  variant_ids jsonb
  excludes_reduced boolean not null
  usage_limit integer
  starts_at timestamp(3) with time zone not null
  ends_at timestamp(3) with time zone not null
  latest_ends_at timestamp(3) with time zone not null
  source text not null
  approved_by text not null
  state text not null default 'waiting'::text
  external_id text
  error text
  created_at timestamp(3) with time zone not null default now()
  live_at timestamp(3) with time zone
  ended_at timestamp(3) with time zone
  constraint coupons_least CHECK ((((least_minor IS NULL) = (least_currency IS NULL)) AND (least_minor > 0)))
  constraint coupons_valid CHECK ((((basis_points >= 1) AND (basis_points <= 10000)) AND (latest_ends_at > starts_at)))
  constraint coupons_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint coupons_pkey PRIMARY KEY (id)
  CREATE INDEX coupons_open ON coupons USING btree (connection_id, lower(code)) WHERE (state = ANY (ARRAY['waiting'::text, 'live'::text]))

table credentials
  connection_id text not null
  sealed_key bytea not null
  sealed bytea not null
  updated_at timestamp(3) with time zone not null default now()
  constraint credentials_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint credentials_pkey PRIMARY KEY (connection_id)

table cursors
  connection_id text not null
  stream text not null
  cursor text
  is_complete boolean not null default true
  updated_at timestamp(3) with time zone not null
  constraint cursors_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint cursors_connection_id_stream_pk PRIMARY KEY (connection_id, stream)

table hub_settings
  key text not null
  value jsonb not null
  revision integer not null
  changed_by text not null
  changed_at timestamp(3) with time zone not null
  constraint hub_settings_pkey PRIMARY KEY (key)

table hub_state
  key text not null
  value jsonb not null
  constraint hub_state_pkey PRIMARY KEY (key)

table imports
  id text not null
  profile text not null
  source text not null
  started_at timestamp(3) with time zone not null
  finished_at timestamp(3) with time zone
  counts jsonb not null default '{}'::jsonb
  rejects_file text
  actor text not null
  constraint imports_pkey PRIMARY KEY (id)

table leases
  connection_id text not null
  lane text not null
  holder text not null
  token bigint not null
  expires_at timestamp(3) with time zone not null
  failures integer not null default 0
  not_before timestamp(3) with time zone
  approved_until timestamp(3) with time zone
  drastic_count integer not null default 0
  drastic_since timestamp(3) with time zone
  constraint leases_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint leases_connection_id_lane_pk PRIMARY KEY (connection_id, lane)

table listing_aspects
  listing_id text not null
  aspect text not null
  connection_id text not null
  revision bigint not null default 1
  acknowledged_revision bigint not null default 0
  is_dirty boolean not null default (revision > acknowledged_revision)
  acknowledged_value jsonb
  acknowledged_fingerprint text
  acknowledged_at timestamp(3) with time zone
  urgency integer not null default 0
  dirty_since timestamp(3) with time zone not null default now()
  not_before timestamp(3) with time zone
  attempts integer not null default 0
  refused_revision bigint
  constraint listing_aspects_listing_id_listings_id_fk FOREIGN KEY (listing_id) REFERENCES listings(id) ON DELETE CASCADE
  constraint listing_aspects_listing_id_aspect_pk PRIMARY KEY (listing_id, aspect)
  CREATE INDEX listing_aspects_dirty ON listing_aspects USING btree (connection_id, aspect, urgency DESC NULLS LAST, dirty_since, listing_id) WHERE is_dirty

table listings
  id text not null
  connection_id text not null
  variant_id text not null
  external_id text
  external_parent_id text
  status text not null default 'draft'::text
  issues jsonb not null default '[]'::jsonb
  ending_since timestamp(3) with time zone
  seen_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null default now()
  constraint listings_live_has_id CHECK (((status <> 'live'::text) OR (external_id IS NOT NULL)))
  constraint listings_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint listings_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint listings_pkey PRIMARY KEY (id)
  constraint listings_variant UNIQUE (connection_id, variant_id)
  CREATE INDEX listings_by_variant ON listings USING btree (variant_id)
  CREATE INDEX listings_ending ON listings USING btree (connection_id) WHERE (ending_since IS NOT NULL)
  CREATE UNIQUE INDEX listings_external ON listings USING btree (connection_id, external_id) WHERE (external_id IS NOT NULL)

table mappings
  connection_id text not null
  kind text not null
  ours text not null
  theirs text not null
  updated_at timestamp(3) with time zone not null default now()
  constraint mappings_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint mappings_connection_id_kind_ours_pk PRIMARY KEY (connection_id, kind, ours)
  CREATE INDEX mappings_theirs ON mappings USING btree (connection_id, kind, theirs)

table once_calls
  id text not null
  connection_id text not null
  operation text not null
  key text not null
  input jsonb not null
  state text not null default 'waiting'::text
  output jsonb
  error text
  attempts integer not null default 0
  not_before timestamp(3) with time zone
  subject text not null
  created_at timestamp(3) with time zone not null default now()
  finished_at timestamp(3) with time zone
  constraint once_calls_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint once_calls_pkey PRIMARY KEY (id)
  constraint once_calls_key UNIQUE (connection_id, operation, key)
  CREATE INDEX once_calls_open ON once_calls USING btree (connection_id, operation, created_at) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text, 'uncertain'::text]))
  CREATE INDEX once_calls_subject ON once_calls USING btree (subject)

table order_charges
  order_id text not null
  position integer not null
  kind text not null
  label text not null
  amount_minor bigint not null
  constraint order_charges_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_charges_order_id_position_pk PRIMARY KEY (order_id, "position")

table order_events
  id bigint not null default nextval('order_events_id_seq'::regclass)
  order_id text not null
  kind text not null
  from_status text
  to_status text
  detail text
  actor text not null
  at timestamp(3) with time zone not null
  constraint order_events_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_events_pkey PRIMARY KEY (id)
  CREATE INDEX order_events_order ON order_events USING btree (order_id, id)

table order_lines
  id text not null
  order_id text not null
  external_id text not null
  sku text
  external_listing_id text
  variant_id text
  title text not null
  quantity integer not null
  cancelled_quantity integer not null default 0
  unit_price_minor bigint not null
  discount_minor bigint not null default 0
  tax_minor bigint not null default 0
  total_minor bigint not null
  handed_over_quantity integer not null default 0
  constraint order_lines_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_lines_pkey PRIMARY KEY (id)
  constraint order_lines_external UNIQUE (order_id, external_id)
  CREATE INDEX order_lines_unknown ON order_lines USING btree (sku) WHERE (variant_id IS NULL)
  CREATE INDEX order_lines_variant ON order_lines USING btree (variant_id)

table order_parties
  order_id text not null
  role text not null
  party jsonb
  erased_at timestamp(3) with time zone
  constraint order_parties_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_parties_order_id_role_pk PRIMARY KEY (order_id, role)

table order_payments
  order_id text not null
  position integer not null
  method text not null
  amount_minor bigint not null
  paid_at timestamp(3) with time zone
  reference text
  constraint order_payments_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint order_payments_order_id_position_pk PRIMARY KEY (order_id, "position")

table orders
  id text not null
  connection_id text not null
  external_id text not null
  number text not null
  status text not null
  external_status text not null
  is_stock_held boolean not null
  placed_at timestamp(3) with time zone not null
  external_updated_at timestamp(3) with time zone not null
  external_fingerprint text not null
  paid_at timestamp(3) with time zone
  currency text not null
  total_minor bigint not null
  refunded_minor bigint not null default 0
  shipping_service text
  ship_by timestamp(3) with time zone
  deliver_by timestamp(3) with time zone
  flags jsonb not null default '[]'::jsonb
  imported_at timestamp(3) with time zone not null default now()
  constraint orders_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id)
  constraint orders_pkey PRIMARY KEY (id)
  constraint orders_external UNIQUE (connection_id, external_id)
  CREATE INDEX orders_open ON orders USING btree (status, ship_by)
  CREATE INDEX orders_placed ON orders USING btree (placed_at)

table packagings
  id text not null
  code text not null
  name text not null
  length_mm integer not null
  width_mm integer not null
  height_mm integer not null
  tare_grams integer not null default 0
  max_weight_grams integer not null
  is_active boolean not null default true
  constraint packagings_positive CHECK (((length_mm > 0) AND (width_mm > 0) AND (height_mm > 0) AND (tare_grams >= 0) AND (max_weight_grams > tare_grams)))
  constraint packagings_pkey PRIMARY KEY (id)
  constraint packagings_code_unique UNIQUE (code)

table parcel_items
  parcel_id text not null
  order_line_id text not null
  quantity integer not null
  constraint parcel_items_quantity CHECK ((quantity > 0))
  constraint parcel_items_order_line_id_order_lines_id_fk FOREIGN KEY (order_line_id) REFERENCES order_lines(id)
  constraint parcel_items_parcel_id_parcels_id_fk FOREIGN KEY (parcel_id) REFERENCES parcels(id) ON DELETE CASCADE
  constraint parcel_items_parcel_id_order_line_id_pk PRIMARY KEY (parcel_id, order_line_id)
  CREATE INDEX parcel_items_line ON parcel_items USING btree (order_line_id)

table parcels
  id text not null
  shipment_id text not null
  position integer not null
  weight_grams integer not null
  length_mm integer
  width_mm integer
  height_mm integer
  packaging_id text
  tracking_number text
  state text
  incident text
  estimated_at timestamp(3) with time zone
  collected_at timestamp(3) with time zone
  delivered_at timestamp(3) with time zone
  claim_by timestamp(3) with time zone
  subscribed_at timestamp(3) with time zone
  asked_at timestamp(3) with time zone
  ask_at timestamp(3) with time zone
  constraint parcels_weight CHECK ((weight_grams > 0))
  constraint parcels_packaging_id_packagings_id_fk FOREIGN KEY (packaging_id) REFERENCES packagings(id)
  constraint parcels_shipment_id_shipments_id_fk FOREIGN KEY (shipment_id) REFERENCES shipments(id) ON DELETE CASCADE
  constraint parcels_pkey PRIMARY KEY (id)
  constraint parcels_position UNIQUE (shipment_id, "position")
  CREATE INDEX parcels_ask ON parcels USING btree (ask_at) WHERE (ask_at IS NOT NULL)
  CREATE INDEX parcels_tracking ON parcels USING btree (tracking_number)

table plugin_jobs
  plugin_id text not null
  job_id text not null
  last_tick_at timestamp(3) with time zone not null
  constraint plugin_jobs_plugin_id_job_id_pk PRIMARY KEY (plugin_id, job_id)

table plugin_migrations
  plugin_id text not null
  id text not null
  fingerprint text not null
  ran_at timestamp(3) with time zone not null
  constraint plugin_migrations_plugin_id_id_pk PRIMARY KEY (plugin_id, id)

table plugin_settings
  plugin_id text not null
  is_enabled boolean not null default true
  settings jsonb not null default '{}'::jsonb
  revision integer not null default 1
  updated_at timestamp(3) with time zone not null
  updated_by text not null
  constraint plugin_settings_pkey PRIMARY KEY (plugin_id)

table price_approvals
  listing_id text not null
  amount_minor bigint not null
  approved_by text not null
  approved_at timestamp(3) with time zone not null
  constraint price_approvals_listing_id_listings_id_fk FOREIGN KEY (listing_id) REFERENCES listings(id) ON DELETE CASCADE
  constraint price_approvals_pkey PRIMARY KEY (listing_id)

table price_rules
  connection_id text not null
  markup_basis_points integer not null default 0
  fee_basis_points integer not null default 0
  add_minor bigint not null default 0
  round_to_minor bigint not null default 1
  minus_minor bigint not null default 0
  margin_basis_points integer not null default 0
  constraint price_rules_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint price_rules_pkey PRIMARY KEY (connection_id)

table problems
  id text not null
  kind text not null
  key text not null
  connection_id text
  subject text
  message text not null
  vendor_message text
  field text
  holds_up text not null
  remedy text not null
  detail jsonb not null default '{}'::jsonb
  since timestamp(3) with time zone not null
  last_seen_at timestamp(3) with time zone not null
  times_seen integer not null default 1
  resolved_at timestamp(3) with time zone
  resolved_by text
  constraint problems_pkey PRIMARY KEY (id)
  CREATE INDEX problems_connection ON problems USING btree (connection_id, kind) WHERE (resolved_at IS NULL)
  CREATE UNIQUE INDEX problems_open ON problems USING btree (key) WHERE (resolved_at IS NULL)
  CREATE INDEX problems_subject ON problems USING btree (subject)

table products
  id text not null
  key text not null
  title jsonb not null
  description jsonb not null default '{}'::jsonb
  brand text
  category_id text
  images jsonb not null default '[]'::jsonb
  attributes jsonb not null default '{}'::jsonb
  option_names jsonb not null default '[]'::jsonb
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint products_category_id_categories_id_fk FOREIGN KEY (category_id) REFERENCES categories(id)
  constraint products_pkey PRIMARY KEY (id)
  constraint products_key_unique UNIQUE (key)
  CREATE INDEX products_category ON products USING btree (category_id)
  CREATE INDEX products_updated ON products USING btree (updated_at)

table promotional_prices
  id text not null
  variant_id text not null
  connection_id text
  currency text not null
  amount_minor bigint not null
  starts_at timestamp(3) with time zone not null
  ends_at timestamp(3) with time zone not null
  priority integer not null default 0
  source text not null
  approved_by text
  constraint promotional_prices_valid CHECK (((amount_minor > 0) AND (ends_at > starts_at)))
  constraint promotional_prices_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint promotional_prices_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint promotional_prices_pkey PRIMARY KEY (id)
  CREATE INDEX promotional_prices_ends ON promotional_prices USING btree (ends_at)
  CREATE INDEX promotional_prices_starts ON promotional_prices USING btree (starts_at)
  CREATE INDEX promotional_prices_variant ON promotional_prices USING btree (variant_id)

table proposals
  id text not null
  kind text not null
  key text not null
  connection_id text
  title text not null
  reason text not null
  diff jsonb not null
  payload jsonb not null
  cost_calls integer not null default 0
  status text not null default 'open'::text
  proposed_by text not null
  proposed_at timestamp(3) with time zone not null
  decided_by text
  decided_at timestamp(3) with time zone
  applied_at timestamp(3) with time zone
  error text
  undo jsonb
  undone_by text
  undone_at timestamp(3) with time zone
  constraint proposals_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX proposals_open ON proposals USING btree (key) WHERE (status = 'open'::text)
  CREATE INDEX proposals_status ON proposals USING btree (status, proposed_at)

table rate_buckets
  connection_id text not null
  bucket text not null
  per_second double precision not null
  burst double precision not null
  tokens double precision not null
  refilled_at timestamp(3) with time zone not null
  blocked_until timestamp(3) with time zone
  calls_taken bigint not null default 0
  calls_refused bigint not null default 0
  constraint rate_buckets_positive CHECK (((per_second > (0)::double precision) AND (burst >= (1)::double precision)))
  constraint rate_buckets_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint rate_buckets_connection_id_bucket_pk PRIMARY KEY (connection_id, bucket)

table reservations
  order_line_id text not null
  variant_id text not null
  warehouse_id text not null
  per_unit integer not null default 1
  held bigint not null default 0
  shipped bigint not null default 0
  constraint reservations_counts CHECK (((held >= 0) AND (shipped >= 0)))
  constraint reservations_order_line_id_order_lines_id_fk FOREIGN KEY (order_line_id) REFERENCES order_lines(id) ON DELETE CASCADE
  constraint reservations_order_line_id_variant_id_warehouse_id_pk PRIMARY KEY (order_line_id, variant_id, warehouse_id)
  CREATE INDEX reservations_variant ON reservations USING btree (variant_id)

table schedules
  connection_id text not null
  task text not null
  cron text not null
  time_zone text not null default 'UTC'::text
  is_enabled boolean not null default true
  last_tick_at timestamp(3) with time zone
  constraint schedules_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint schedules_connection_id_task_pk PRIMARY KEY (connection_id, task)

table shipment_batches
  id text not null
  order_ids jsonb not null
  wish jsonb
  skipped jsonb not null default '[]'::jsonb
  created_by text not null
  created_at timestamp(3) with time zone not null default now()
  finished_at timestamp(3) with time zone
  handed_over_at timestamp(3) with time zone
  constraint shipment_batches_pkey PRIMARY KEY (id)

table shipment_documents
  id text not null
  shipment_id text not null
  parcel_id text
  kind text not null
  format text not null
  bytes bytea not null
  created_at timestamp(3) with time zone not null default now()
  constraint shipment_documents_parcel_id_parcels_id_fk FOREIGN KEY (parcel_id) REFERENCES parcels(id) ON DELETE CASCADE
  constraint shipment_documents_shipment_id_shipments_id_fk FOREIGN KEY (shipment_id) REFERENCES shipments(id) ON DELETE CASCADE
  constraint shipment_documents_pkey PRIMARY KEY (id)
  CREATE INDEX shipment_documents_shipment ON shipment_documents USING btree (shipment_id)

table shipments
  id text not null
  order_id text
  warehouse_id text
  batch_id text
  connection_id text
  tracking_connection_id text
  carrier text
  service text
  service_name text
  state text not null default 'planned'::text
  external_id text
  from_place jsonb not null
  to_place jsonb not null
  label_format text
  is_signature_required boolean not null default false
  customs jsonb
  declared_minor bigint
  declared_currency text
  offer jsonb
  explanation jsonb not null default '[]'::jsonb
  quoted_minor bigint
  quoted_currency text
  booked_minor bigint
  booked_currency text
  booked_charges jsonb
  ship_at timestamp(3) with time zone not null
  ship_by timestamp(3) with time zone
  promised_at timestamp(3) with time zone
  booked_at timestamp(3) with time zone
  handed_over_at timestamp(3) with time zone
  delivered_at timestamp(3) with time zone
  cancelled_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null default now()
  constraint shipments_batch_id_shipment_batches_id_fk FOREIGN KEY (batch_id) REFERENCES shipment_batches(id)
  constraint shipments_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id)
  constraint shipments_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint shipments_tracking_connection_id_connections_id_fk FOREIGN KEY (tracking_connection_id) REFERENCES connections(id)
  constraint shipments_warehouse_id_warehouses_id_fk FOREIGN KEY (warehouse_id) REFERENCES warehouses(id)
  constraint shipments_pkey PRIMARY KEY (id)
  CREATE INDEX shipments_batch ON shipments USING btree (batch_id)
  CREATE INDEX shipments_booked ON shipments USING btree (booked_at, id) WHERE (booked_at IS NOT NULL)
  CREATE INDEX shipments_external ON shipments USING btree (external_id)
  CREATE INDEX shipments_order ON shipments USING btree (order_id)
  CREATE INDEX shipments_state ON shipments USING btree (state, created_at)

table shipping_quotes
  id text not null
  order_id text
  request jsonb not null
  offers jsonb not null
  unavailable jsonb not null
  created_at timestamp(3) with time zone not null default now()
  constraint shipping_quotes_order_id_orders_id_fk FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE
  constraint shipping_quotes_pkey PRIMARY KEY (id)
  CREATE INDEX shipping_quotes_order ON shipping_quotes USING btree (order_id, created_at)

table shortfalls
  order_line_id text not null
  variant_id text not null
  quantity bigint not null
  since timestamp(3) with time zone not null
  constraint shortfalls_positive CHECK ((quantity > 0))
  constraint shortfalls_order_line_id_order_lines_id_fk FOREIGN KEY (order_line_id) REFERENCES order_lines(id) ON DELETE CASCADE
  constraint shortfalls_pkey PRIMARY KEY (order_line_id)
  CREATE INDEX shortfalls_variant ON shortfalls USING btree (variant_id, since)

table stock_allocations
  id text not null
  connection_id text not null
  variant_id text
  share_basis_points integer
  cap bigint
  buffer bigint not null default 0
  updated_at timestamp(3) with time zone not null default now()
  constraint stock_allocations_valid CHECK ((((share_basis_points >= 1) AND (share_basis_points <= 10000)) AND (cap >= 0) AND (buffer >= 0)))
  constraint stock_allocations_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint stock_allocations_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint stock_allocations_pkey PRIMARY KEY (id)
  constraint stock_allocations_scope UNIQUE NULLS NOT DISTINCT (connection_id, variant_id)

table stock_levels
  variant_id text not null
  warehouse_id text not null
  on_hand bigint not null default 0
  reserved bigint not null default 0
  incoming bigint not null default 0
  constraint stock_levels_counts CHECK (((on_hand >= 0) AND (reserved >= 0) AND (incoming >= 0)))
  constraint stock_levels_reserved_exists CHECK ((reserved <= on_hand))
  constraint stock_levels_variant_id_variants_id_fk FOREIGN KEY (variant_id) REFERENCES variants(id) ON DELETE CASCADE
  constraint stock_levels_warehouse_id_warehouses_id_fk FOREIGN KEY (warehouse_id) REFERENCES warehouses(id)
  constraint stock_levels_variant_id_warehouse_id_pk PRIMARY KEY (variant_id, warehouse_id)

table stock_movements
  id bigint not null default nextval('stock_movements_id_seq'::regclass)
  variant_id text not null
  warehouse_id text not null
  on_hand bigint not null default 0
  reserved bigint not null default 0
  incoming bigint not null default 0
  kind text not null
  reason text not null
  reference text
  actor text not null
  at timestamp(3) with time zone not null
  constraint stock_movements_pkey PRIMARY KEY (id)
  CREATE INDEX stock_movements_variant ON stock_movements USING btree (variant_id, id)
  CREATE TRIGGER stock_movements_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON stock_movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

table sync_runs
  id text not null
  connection_id text not null
  task text not null
  started_at timestamp(3) with time zone not null
  finished_at timestamp(3) with time zone
  outcome text
  counts jsonb not null default '{}'::jsonb
  error text
  constraint sync_runs_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint sync_runs_pkey PRIMARY KEY (id)
  CREATE INDEX sync_runs_recent ON sync_runs USING btree (connection_id, task, started_at)

table tickets
  id text not null
  connection_id text not null
  aspect text not null
  ticket text not null
  items jsonb not null
  changes jsonb not null
  submitted_at timestamp(3) with time zone not null
  checked_at timestamp(3) with time zone
  settled_at timestamp(3) with time zone
  constraint tickets_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint tickets_pkey PRIMARY KEY (id)
  CREATE INDEX tickets_open ON tickets USING btree (connection_id, aspect) WHERE (settled_at IS NULL)

table tracking_events
  parcel_id text not null
  key text not null
  at timestamp(3) with time zone not null
  state text
  incident text
  code text
  description text not null
  location text
  seen_at timestamp(3) with time zone not null
  constraint tracking_events_parcel_id_parcels_id_fk FOREIGN KEY (parcel_id) REFERENCES parcels(id) ON DELETE CASCADE
  constraint tracking_events_parcel_id_key_pk PRIMARY KEY (parcel_id, key)

table unbound_listings
  connection_id text not null
  external_id text not null
  external_parent_id text
  sku text
  title text not null
  seen_at timestamp(3) with time zone not null
  constraint unbound_listings_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint unbound_listings_connection_id_external_id_pk PRIMARY KEY (connection_id, external_id)

table unreadable_documents
  connection_id text not null
  kind text not null
  key text not null
  raw jsonb not null
  reason text not null
  seen_at timestamp(3) with time zone not null
  constraint unreadable_documents_connection_id_connections_id_fk FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE
  constraint unreadable_documents_connection_id_kind_key_pk PRIMARY KEY (connection_id, kind, key)

table variants
  id text not null
  product_id text not null
  sku text not null
  gtin text
  options jsonb not null default '{}'::jsonb
  images jsonb not null default '[]'::jsonb
  weight_grams integer
  length_mm integer
  width_mm integer
  height_mm integer
  cost_minor bigint
  cost_currency text
  tax_class text
  compliance jsonb not null default '{}'::jsonb
  created_at timestamp(3) with time zone not null default now()
  constraint variants_cost CHECK ((((cost_minor IS NULL) = (cost_currency IS NULL)) AND (cost_minor >= 0)))
  constraint variants_weight CHECK ((weight_grams > 0))
  constraint variants_product_id_products_id_fk FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE
  constraint variants_pkey PRIMARY KEY (id)
  constraint variants_sku_unique UNIQUE (sku)
  CREATE INDEX variants_product ON variants USING btree (product_id)

table warehouses
  id text not null
  code text not null
  name text not null
  priority integer not null default 0
  is_active boolean not null default true
  address jsonb
  constraint warehouses_pkey PRIMARY KEY (id)
  constraint warehouses_code_unique UNIQUE (code)

function hub_now() returns timestamp with time zone:  SELECT coalesce(nullif(current_setting('entrepot.now', true), '')::timestamptz, clock_timestamp()) 
function refuse_change() returns trigger:  BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END 
