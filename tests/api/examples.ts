import { testPassword } from '../support/callers.ts'
import type { AccessWorld } from './access-world.ts'
import type { InsightWorld } from './insight-world.ts'
import type { ShippingWorld } from './shipping-world.ts'
import type { World } from './world.ts'

/** A request that an operation takes, and the status it answers with. */
export type Example = {
  path: string
  json?: unknown
  status: number /** Whose browser asks; the key of the tests unless given. */
  cookie?: string
}

export type Scene = World & {
  shipping: ShippingWorld
  access: AccessWorld
  insight: InsightWorld

  problemId: string
  /** A batch of mappings that can be undone. */
  mappingBatchId: string
  uploadId: string
  workId: string
  webhook: { path: string }
  credentials: unknown
  settings: unknown
}

/** One good request an operation, in an order in which each finds what it needs. */
export function goodRequests(scene: Scene): Record<string, Example> {
  const {
    access,
    insight,
    shipping,
    connection,
    orderId,
    lineId,
    returnId,
    listingId,
    unknownSkuProblem,
    proposalIds,
    problemId,
  } = scene
  const at = `/api/connections/${connection.id}`
  const promotion = {
    sku: 'TEE-S',
    price: { minor: 1500, currency: 'EUR' },
    startsAt: '2031-05-01T00:00:00+02:00',
    endsAt: '2031-06-01T00:00:00Z',
  }
  const mapping = {
    kind: 'prices',
    currency: 'EUR',
    fields: [
      { column: 'Item', field: 'sku' },
      { column: 'Price', field: 'price' },
    ],
  }
  const view = {
    name: 'Without stock',
    filters: { q: 'tee' },
    sort: '-updated',
    columns: ['key', 'title'],
    isShared: false,
  }
  const rule = {
    markupBasisPoints: 0,
    feeBasisPoints: 0,
    addMinor: 0,
    roundToMinor: 1,
    minusMinor: 0,
    marginBasisPoints: 0,
  }
  return {
    getHealth: { path: '/healthz', status: 200 },
    getReadiness: { path: '/readyz', status: 200 },
    readSession: { path: '/api/session', status: 200 },
    signIn: {
      path: '/api/session',
      json: { email: access.ada.email, password: testPassword },
      status: 200,
    },
    // Nobody was asked for a code: the API says so.
    proveSecondFactor: { path: '/api/session/code', json: { code: '123456' }, status: 401 },
    readLink: { path: '/api/links/read', json: { token: access.invitationToken }, status: 200 },
    redeemLink: {
      path: '/api/links/redeem',
      json: { token: access.invitationToken, password: testPassword, name: 'Grace' },
      status: 200,
    },
    readMe: { path: '/api/me', cookie: access.ada.cookie, status: 200 },
    changeMe: {
      path: '/api/me',
      json: { theme: 'dark', locale: 'de' },
      cookie: access.ada.cookie,
      status: 200,
    },
    listMySessions: { path: '/api/me/sessions', cookie: access.ada.cookie, status: 200 },
    endMySession: {
      path: `/api/me/sessions/${access.otherSessionId}`,
      cookie: access.ada.cookie,
      status: 200,
    },
    endMyOtherSessions: { path: '/api/me/sessions/end-others', cookie: access.ada.cookie, status: 200 },
    setUpSecondFactor: {
      path: '/api/me/second-factor',
      json: { password: testPassword },
      cookie: access.ada.cookie,
      status: 200,
    },
    // It is not the code of now: the API says so.
    confirmSecondFactor: {
      path: '/api/me/second-factor/confirm',
      json: { code: 'wrong' },
      cookie: access.ada.cookie,
      status: 400,
    },
    // There is no second factor yet: the API says so.
    renewBackupCodes: {
      path: '/api/me/backup-codes',
      json: { password: testPassword },
      cookie: access.ada.cookie,
      status: 409,
    },
    removeSecondFactor: {
      path: '/api/me/second-factor/remove',
      json: { password: testPassword },
      cookie: access.bob.cookie,
      status: 200,
    },
    changePassword: {
      path: '/api/me/password',
      json: { password: testPassword, newPassword: 'four other random words' },
      cookie: access.ada.cookie,
      status: 200,
    },
    listUsers: { path: '/api/users', status: 200 },
    inviteUser: {
      path: '/api/users',
      json: { email: 'new@shop.example', name: 'New', role: 'operator' },
      status: 201,
    },
    changeUser: {
      path: `/api/users/${access.ada.id}`,
      json: { role: 'operator', revision: 1 },
      status: 200,
    },
    renewUserLink: { path: `/api/users/${access.ada.id}/link`, status: 200 },
    revokeUserSessions: { path: `/api/users/${access.ada.id}/sign-out`, status: 200 },
    resetUserSecondFactor: { path: `/api/users/${access.ada.id}/reset-second-factor`, status: 200 },
    createKey: {
      path: '/api/keys',
      json: { name: 'Prometheus', role: 'viewer', tags: ['health'], expiresAt: '2099-01-01T00:00:00Z' },
      cookie: access.cleo.cookie,
      status: 201,
    },
    listKeys: { path: '/api/keys', status: 200 },
    revokeKey: { path: `/api/keys/${access.keyId}`, status: 200 },
    readSettings: { path: '/api/settings', status: 200 },
    changeSettings: { path: '/api/settings', json: { needsSecondPerson: true, revision: 0 }, status: 200 },
    signOut: { path: '/api/session', cookie: access.cleo.cookie, status: 200 },
    getMetrics: { path: '/metrics', status: 200 },
    receiveWebhook: { path: scene.webhook.path, status: 200 },
    listConnectors: { path: '/api/connectors?language=zh-CN', status: 200 },
    listConnections: { path: '/api/connections', status: 200 },
    addConnection: {
      path: '/api/connections',
      json: {
        connector: 'woocommerce',
        name: 'Second shop',
        settings: scene.settings,
        credentials: scene.credentials,
        isLocal: true,
        rateScale: 1000,
        ordersFrom: '2026-01-01T00:00:00Z',
      },
      status: 201,
    },
    readConnection: { path: at, status: 200 },
    changeConnection: {
      path: at,
      json: { revision: 1, settings: { weightUnit: 'g' }, maxEndedBasisPoints: 500 },
      status: 200,
    },
    replaceCredentials: { path: `${at}/credentials`, json: scene.credentials, status: 200 },
    testConnection: { path: `${at}/test`, status: 200 },
    pauseConnection: { path: `${at}/pause`, json: { reason: 'The shop moves' }, status: 200 },
    resumeConnection: { path: `${at}/resume`, status: 200 },
    listSchedules: { path: `${at}/schedules`, status: 200 },
    setSchedule: {
      path: `${at}/schedules/stock`,
      json: { cron: '*/2 * * * *', timeZone: 'Europe/Berlin' },
      status: 200,
    },
    syncConnection: { path: `${at}/sync`, json: { tasks: ['orders', 'stock'] }, status: 202 },
    publishProducts: { path: `${at}/publish`, json: { products: 'all' }, status: 202 },
    previewPublishing: {
      path: `${at}/publish/preview`,
      json: { products: [scene.productId] },
      status: 200,
    },
    listRuns: { path: `/api/runs?connectionId=${connection.id}`, status: 200 },
    readRun: { path: `/api/runs/${insight.runId}`, status: 200 },
    // It is over by now: the API says so.
    cancelRun: { path: `/api/runs/${insight.runId}/cancel`, status: 409 },
    listCalls: { path: `/api/calls?runId=${insight.runId}`, status: 200 },
    readCall: { path: `/api/calls/${insight.callId}`, status: 200 },
    readRetention: { path: '/api/settings/call-log', status: 200 },
    setRetention: {
      path: '/api/settings/call-log',
      json: { successDays: 3, failureDays: 14, mostCalls: 500_000, runDays: 60, revision: 0 },
      status: 200,
    },
    readCapabilities: { path: `${at}/capabilities`, status: 200 },
    readLimits: { path: `${at}/limits`, status: 200 },
    previewPush: { path: `${at}/preview`, json: { aspects: ['stock'], skus: ['CUP'] }, status: 200 },
    readOverview: { path: '/api/overview?timeZone=Europe/Berlin', status: 200 },
    followChanges: { path: '/api/live?once=true', status: 200 },
    listQueues: { path: '/api/job-queues', status: 200 },
    listJobs: { path: '/api/jobs?state=failed', status: 200 },
    readJob: { path: `/api/jobs/${insight.jobs.failed}`, status: 200 },
    cancelJob: { path: `/api/jobs/${insight.jobs.waiting}/cancel`, status: 200 },
    resumeJob: { path: `/api/jobs/${insight.jobs.waiting}/resume`, status: 200 },
    deleteJob: { path: `/api/jobs/${insight.jobs.waiting}`, status: 200 },
    retryJob: { path: `/api/jobs/${insight.jobs.failed}/retry`, status: 200 },
    redriveJobs: { path: '/api/jobs/redrive', json: { ids: [insight.jobs.dead] }, status: 200 },
    listUnboundListings: { path: `${at}/unbound-listings`, status: 200 },
    readMappingOverview: { path: `${at}/mappings`, status: 200 },
    listMappings: { path: `${at}/mappings/sku?state=unmapped&q=for&sort=-confidence`, status: 200 },
    setMappings: {
      path: `${at}/mappings/carrier`,
      json: { entries: [{ word: 'DHL', target: 'dhl', revision: 0 }] },
      status: 200,
    },
    listMappingChoices: { path: `${at}/mappings/order_state/choices?word=processing`, status: 200 },
    tryMappings: {
      path: `${at}/mappings/try`,
      json: { listingId, entries: [{ kind: 'attribute', word: 'Size', target: 'Format' }] },
      status: 200,
    },
    previewMappingAcceptance: { path: `${at}/mappings/sku/acceptance?minConfidence=0.9`, status: 200 },
    acceptMappingSuggestions: {
      path: `${at}/mappings/sku/acceptance`,
      json: { minConfidence: 0.99 },
      status: 200,
    },
    exportMappings: { path: `${at}/mappings/carrier/csv?state=mapped`, status: 200 },
    importMappings: {
      path: `${at}/mappings/carrier/csv`,
      json: { csv: 'ours,theirs\nDHL,dhl_express\n' },
      status: 200,
    },
    listMappingBatches: { path: `${at}/mapping-batches?kind=carrier`, status: 200 },
    listMappingChanges: { path: `${at}/mapping-changes?kind=carrier&word=DHL`, status: 200 },
    undoMappings: { path: `${at}/mapping-batches/${scene.mappingBatchId}/undo`, json: {}, status: 200 },
    refreshMappings: { path: `${at}/mappings/refresh`, json: undefined, status: 202 },
    readPriceRule: { path: `${at}/price-rule`, status: 200 },
    setPriceRule: { path: `${at}/price-rule`, json: rule, status: 200 },
    listAllocations: { path: `${at}/allocations`, status: 200 },
    saveWarehouse: {
      path: '/api/warehouses',
      json: { code: 'EAST', name: 'East', priority: 1, isActive: true },
      status: 200,
    },
    setAllocation: {
      path: `${at}/allocations`,
      json: { sku: 'TEE-M', shareBasisPoints: 5000, cap: null, buffer: 1 },
      status: 200,
    },
    listProducts: { path: '/api/products?q=tee&sort=-updated&count=true', status: 200 },
    downloadProducts: { path: '/api/products.csv?listedOn=con_x&columns=key,title', status: 200 },
    listBrands: { path: '/api/brands', status: 200 },
    readProduct: { path: '/api/products/TEE', status: 200 },
    saveProducts: {
      path: '/api/products',
      json: {
        products: [{ key: 'PAN', title: { en: 'Pan' }, variants: [{ sku: 'PAN', weightGrams: 900 }] }],
      },
      status: 200,
    },
    changeProduct: {
      path: `/api/products/${scene.productId}`,
      json: {
        revision: 1,
        title: { de: 'Becher' },
        attributes: { Material: 'Clay' },
        variants: [{ sku: 'CUP', gtin: '4006381333931', weightGrams: 320 }],
      },
      status: 200,
    },
    readPrices: { path: '/api/prices/CUP', status: 200 },
    setBasePrices: {
      path: '/api/prices',
      json: { prices: [{ sku: 'PAN', price: { minor: 2500, currency: 'EUR' } }] },
      status: 200,
    },
    addPromotions: { path: '/api/promotions', json: { promotions: [promotion] }, status: 201 },
    listCoupons: { path: `/api/coupons?connectionId=${connection.id}&state=live`, status: 200 },
    listWarehouses: { path: '/api/warehouses', status: 200 },
    listStock: { path: '/api/stock', status: 200 },
    listStockLevels: { path: '/api/stock-levels?q=cup&warehouse=MAIN&sort=-available', status: 200 },
    downloadStockLevels: { path: '/api/stock-levels.csv', status: 200 },
    readStock: { path: '/api/stock/CUP', status: 200 },
    listMovements: { path: '/api/stock/CUP/movements', status: 200 },
    changeStock: {
      path: '/api/stock/changes',
      json: { edits: [{ sku: 'MUG', delta: -1, reason: 'One is broken' }] },
      status: 200,
    },
    listBundles: { path: '/api/bundles', status: 200 },
    setBundle: { path: '/api/bundles/SET', json: { components: [{ sku: 'MUG', quantity: 2 }] }, status: 200 },
    readBundle: { path: '/api/bundles/SET', status: 200 },
    listListings: { path: `/api/listings?connectionId=${connection.id}&status=live&dirty=any`, status: 200 },
    downloadListings: { path: '/api/listings.csv?sort=sku', status: 200 },
    readListing: { path: `/api/listings/${listingId}`, status: 200 },
    readListingValues: { path: `/api/listings/${listingId}/values`, status: 200 },
    endListings: {
      path: `${at}/end`,
      json: { listingIds: [listingId], reason: 'Out of the range' },
      status: 202,
    },
    explainSku: { path: `/api/explain/CUP?connectionId=${connection.id}`, status: 200 },
    listOrders: { path: '/api/orders?status=allocated,paid&sort=shipBy&count=true', status: 200 },
    downloadOrders: { path: '/api/orders.csv?columns=number,totalMinor', status: 200 },
    listOrderExceptions: { path: '/api/order-exceptions', status: 200 },
    readOrder: { path: `/api/orders/${orderId}`, status: 200 },
    holdOrder: {
      path: `/api/orders/${orderId}/hold`,
      json: { revision: 1, reason: 'Asks for a gift' },
      status: 200,
    },
    releaseOrder: { path: `/api/orders/${orderId}/release`, json: { revision: 2 }, status: 200 },
    noteOrder: {
      path: `/api/orders/${orderId}/note`,
      json: { revision: 3, note: 'Calls at nine' },
      status: 200,
    },
    // Parcels are on their way to the present address: the API says so.
    correctAddress: {
      path: `/api/orders/${orderId}/address`,
      json: {
        revision: 4,
        address: { name: 'Ann Reader', addressLines: ['22 River Road'], country: 'DE' },
      },
      status: 409,
    },
    enterReturn: {
      path: '/api/returns',
      json: { orderId, lines: [{ lineId, quantity: 1, reason: 'Too small' }] },
      status: 201,
    },
    listReturns: { path: '/api/returns?status=requested&count=true', status: 200 },
    downloadReturns: { path: '/api/returns.csv', status: 200 },
    readReturn: { path: `/api/returns/${returnId}`, status: 200 },
    approveReturn: { path: `/api/returns/${returnId}/approve`, json: { revision: 1 }, status: 200 },
    receiveReturn: {
      path: `/api/returns/${returnId}/receive`,
      json: { revision: 2, lines: [{ lineId, quantity: 1, disposition: 'restock' }] },
      status: 200,
    },
    refundReturn: {
      path: `/api/returns/${returnId}/refund`,
      json: { revision: 3, lines: [{ lineId, quantity: 1, amountMinor: 100 }], reason: 'Came back' },
      status: 202,
    },
    closeReturn: {
      path: `/api/returns/${returnId}/close`,
      json: { revision: 3, reason: 'Settled' },
      status: 200,
    },
    // This shop knows no acknowledgement: the API says so instead of promising it.
    acknowledgeOrder: { path: `/api/orders/${orderId}/acknowledge`, status: 409 },
    confirmShipment: {
      path: `/api/orders/${orderId}/confirm-shipment`,
      json: { carrier: 'DHL', trackingNumber: 'JJD01', shippedAt: '2026-05-04T10:00:00Z' },
      status: 202,
    },
    refundOrder: {
      path: `/api/orders/${orderId}/refund`,
      json: { reference: 'RMA-1', amountMinor: 100, reason: 'Scratched' },
      status: 202,
    },
    cancelOrder: { path: `/api/orders/${orderId}/cancel`, json: { reason: 'Sold out' }, status: 202 },
    quote: {
      path: '/api/quotes',
      json: {
        from: { country: 'DE', postcode: '10115' },
        to: { country: 'FR', postcode: '75001' },
        parcels: [{ weightGrams: 1200 }],
      },
      status: 200,
    },
    quoteOrder: { path: `/api/orders/${orderId}/quote`, status: 200 },
    readQuote: { path: `/api/quotes/${shipping.quoteId}`, status: 200 },
    listShippingServices: { path: '/api/shipping-services', status: 200 },
    listPackagings: { path: '/api/packagings', status: 200 },
    savePackaging: {
      path: '/api/packagings',
      json: {
        code: 'M',
        name: 'Medium box',
        lengthMm: 400,
        widthMm: 300,
        heightMm: 200,
        maxWeightGrams: 20_000,
      },
      status: 200,
    },
    planShipment: { path: '/api/shipments', json: { orderId }, status: 201 },
    listShipments: { path: '/api/shipments?state=booked&needs=hand_over&count=true', status: 200 },
    downloadShipments: { path: '/api/shipments.csv', status: 200 },
    quoteShipment: { path: `/api/shipments/${shipping.plannedIds[0]}/quote`, status: 200 },
    readShipment: { path: `/api/shipments/${shipping.bookedId}`, status: 200 },
    bookShipment: {
      path: `/api/shipments/${shipping.plannedIds[0]}/book`,
      json: { connectionId: shipping.courierId, service: shipping.service },
      status: 202,
    },
    recordShipment: {
      path: '/api/shipments/recorded',
      json: {
        orderId: shipping.recordable.orderId,
        carrier: 'yuantong',
        parcels: [
          {
            weightGrams: 500,
            trackingNumber: 'YT1',
            lines: [{ lineId: shipping.recordable.lineId, quantity: 1 }],
          },
        ],
      },
      status: 201,
    },
    printShipment: { path: `/api/shipments/${shipping.bookedId}/labels`, status: 200 },
    // Nobody follows what a rate card books: the API says so.
    trackShipment: { path: `/api/shipments/${shipping.bookedId}/track`, status: 409 },
    cancelShipment: { path: `/api/shipments/${shipping.bookedId}/cancel`, status: 202 },
    // What is being cancelled is not handed over: the API says so.
    handOverShipment: { path: `/api/shipments/${shipping.bookedId}/hand-over`, status: 409 },
    startShipmentBatch: { path: '/api/shipment-batches', json: { orderIds: [orderId] }, status: 202 },
    listShipmentBatches: { path: '/api/shipment-batches', status: 200 },
    // It is finished: the API says so.
    cancelShipmentBatch: { path: `/api/shipment-batches/${shipping.batchId}/cancel`, status: 409 },
    readShipmentBatch: { path: `/api/shipment-batches/${shipping.batchId}`, status: 200 },
    printShipmentBatch: { path: `/api/shipment-batches/${shipping.batchId}/labels`, status: 200 },
    printManifest: { path: `/api/shipment-batches/${shipping.batchId}/manifest`, status: 200 },
    handOverShipmentBatch: { path: `/api/shipment-batches/${shipping.batchId}/hand-over`, status: 200 },
    listProblems: { path: '/api/problems?sort=-since&count=true&q=a', status: 200 },
    downloadProblems: { path: '/api/problems.csv?state=open', status: 200 },
    listProblemKinds: { path: '/api/problem-kinds', status: 200 },
    listProblemGroups: { path: '/api/problem-groups', status: 200 },
    resolveProblems: { path: '/api/bulk/resolve-problems', json: { ids: [unknownSkuProblem] }, status: 202 },
    retryProblems: {
      path: '/api/bulk/retry-problems',
      json: { filter: { kind: 'unknown_sku' } },
      status: 202,
    },
    readProblem: { path: `/api/problems/${unknownSkuProblem}`, status: 200 },
    previewRetry: { path: `/api/problems/${insight.refusedProblem}/retry`, status: 200 },
    retryProblem: { path: `/api/problems/${insight.refusedProblem}/retry`, status: 202 },
    resolveProblem: { path: `/api/problems/${unknownSkuProblem}/resolve`, status: 200 },
    decideProblem: { path: `/api/problems/${problemId}/decide`, json: { happened: false }, status: 200 },
    listProposals: { path: '/api/proposals?sort=-costCalls&count=true', status: 200 },
    downloadProposals: { path: '/api/proposals.csv', status: 200 },
    listProposalGroups: { path: '/api/proposal-groups', status: 200 },
    listProposalLines: { path: `/api/proposals/${proposalIds[0]}/diff`, status: 200 },
    approveProposals: { path: '/api/bulk/approve-proposals', json: { filter: {} }, status: 202 },
    rejectProposals: { path: '/api/bulk/reject-proposals', json: { ids: [proposalIds[1]] }, status: 202 },
    publishManyProducts: {
      path: '/api/bulk/publish-products',
      json: { connectionId: connection.id },
      status: 202,
    },
    endManyListings: {
      path: '/api/bulk/end-listings',
      json: { connectionId: connection.id, ids: [listingId], reason: 'Out of the range' },
      status: 202,
    },
    changePricesByShare: {
      path: '/api/bulk/change-prices',
      json: { currency: 'EUR', basisPoints: 250 },
      status: 202,
    },
    listWork: { path: '/api/work?isOpen=true', status: 200 },
    readWork: { path: `/api/work/${scene.workId}`, status: 200 },
    cancelWork: { path: `/api/work/${scene.workId}/cancel`, status: 200 },
    // Nothing of it was done yet: the API says so.
    undoWork: { path: `/api/work/${scene.workId}/undo`, status: 409 },
    downloadWorkFailures: { path: `/api/work/${scene.workId}/failures.csv`, status: 200 },
    readProposal: { path: `/api/proposals/${proposalIds[0]}`, status: 200 },
    approveProposal: { path: `/api/proposals/${proposalIds[0]}/approve`, status: 200 },
    rejectProposal: { path: `/api/proposals/${proposalIds[1]}/reject`, status: 200 },
    // A step of a price cannot be taken back by itself: the API says so.
    undoProposal: { path: `/api/proposals/${proposalIds[0]}/undo`, status: 409 },
    listPlugins: { path: '/api/plugins?language=zh-CN', status: 200 },
    readPlugin: { path: '/api/plugins/shop-notes?language=zh-CN', status: 200 },
    savePluginSettings: {
      path: '/api/plugins/shop-notes/settings',
      json: { settings: { isWatching: false } },
      status: 200,
    },
    disablePlugin: { path: '/api/plugins/shop-notes/disable', status: 200 },
    enablePlugin: { path: '/api/plugins/shop-notes/enable', status: 200 },
    readPanel: { path: '/api/plugins/shop-notes/panels/notes?language=zh-CN', status: 200 },
    listImportProfiles: { path: '/api/import-profiles', status: 200 },
    listImportFields: { path: '/api/import-fields', status: 200 },
    // Without a file there is nothing to keep.
    uploadImport: { path: '/api/import-uploads?name=prices.csv', status: 400 },
    readImportUpload: { path: `/api/import-uploads/${scene.uploadId}`, status: 200 },
    previewImport: { path: `/api/import-uploads/${scene.uploadId}/preview`, json: mapping, status: 202 },
    importUpload: { path: `/api/import-uploads/${scene.uploadId}/import`, json: mapping, status: 202 },
    startImport: { path: '/api/imports', json: { profile: 'stock', path: 'stock.csv' }, status: 202 },
    listImports: { path: '/api/imports', status: 200 },
    readImport: { path: '/api/imports/{latest}', status: 200 },
    // It has not run yet, so nothing was refused.
    downloadImportRejects: { path: '/api/imports/{latest}/rejects.csv', status: 404 },
    addView: { path: '/api/views', json: { list: 'products', ...view }, status: 201 },
    listViews: { path: '/api/views?list=products', status: 200 },
    changeView: {
      path: `/api/views/${scene.viewIds[0]}`,
      json: { revision: 1, ...view, isShared: true },
      status: 200,
    },
    removeView: { path: `/api/views/${scene.viewIds[1]}`, json: { revision: 1 }, status: 200 },
    listAudit: { path: '/api/audit?count=true&action=connection.added', status: 200 },
    downloadAudit: { path: '/api/audit.csv?columns=at,actor,action,subject', status: 200 },
    verifyAudit: { path: '/api/audit/verify', status: 200 },
  }
}
