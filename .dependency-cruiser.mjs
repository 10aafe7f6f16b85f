/** Arrows point inward: what may import what. */
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-knows-no-platform',
      severity: 'error',
      from: { path: '^core' },
      to: { path: '^(connectors|plugins|tests|hub\\.config)' },
    },
    {
      name: 'extensions-import-the-sdk-only',
      severity: 'error',
      from: { path: '^(connectors|plugins)/' },
      to: { path: '^core/', pathNot: '^core/sdk/(index\\.ts$|testing/)' },
    },
    {
      name: 'no-connector-imports-another',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: { path: '^connectors/', pathNot: '^connectors/$1/' },
    },
    {
      name: 'no-plugin-imports-another',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^plugins/', pathNot: '^plugins/$1/' },
    },
    {
      name: 'lib-stands-alone',
      severity: 'error',
      from: { path: '^core/lib/' },
      to: { path: '^core/', pathNot: '^core/lib/' },
    },
    {
      name: 'sdk-stands-on-lib',
      severity: 'error',
      from: { path: '^core/sdk/' },
      to: { path: '^core/', pathNot: '^core/(sdk|lib)/' },
    },
    {
      name: 'db-stands-on-lib-and-sdk',
      severity: 'error',
      from: { path: '^core/db/' },
      to: { path: '^core/', pathNot: '^core/(db|lib|sdk)/' },
    },
    {
      name: 'features-know-no-door',
      severity: 'error',
      from: { path: '^core/(?!api/|cli/)' },
      to: { path: '^core/(api|cli)/' },
    },
    {
      name: 'features-know-no-engine',
      severity: 'error',
      from: {
        path: '^core/(access|catalog|listings|mappings|stock|orders|problems|proposals|audit|connections|imports|shipments|plugins)/',
      },
      to: { path: '^core/sync/' },
    },
    { name: 'api-knows-no-cli', severity: 'error', from: { path: '^core/api/' }, to: { path: '^core/cli/' } },
    {
      name: 'ui-knows-types-of-the-api-only',
      severity: 'error',
      from: { path: '^admin-ui/' },
      to: { path: '^(core|connectors|plugins|tests)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'hub-knows-no-ui',
      severity: 'error',
      from: { path: '^(core|connectors|plugins)/' },
      to: { path: '^admin-ui/' },
    },
    {
      name: 'kit-knows-no-page',
      severity: 'error',
      from: { path: '^admin-ui/src/kit/' },
      to: { path: '^admin-ui/src/(pages|shell)/' },
    },
    {
      name: 'testing-kit-is-for-tests',
      severity: 'error',
      from: { path: '^(core|connectors|plugins)/', pathNot: '^core/sdk/testing/' },
      to: { path: '^core/sdk/testing/' },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)node_modules/|^admin-ui/dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
