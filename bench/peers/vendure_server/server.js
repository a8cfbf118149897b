// Vendure with SQLite: `node server.js PORT DATABASE PRODUCTS.csv`. Populates an empty database, then prints "ready".
// As fast as its own options make it: write-ahead log, no logger, jobs in memory, no search index, no asset server.
const { existsSync } = require('node:fs');
const { bootstrap, dummyPaymentHandler, NoopLogger } = require('@vendure/core');
const { populate } = require('@vendure/core/cli');

const [port, database, products] = process.argv.slice(2);

const config = {
  apiOptions: { hostname: '127.0.0.1', port: Number(port) },
  authOptions: {
    tokenMethod: ['bearer'],
    superadminCredentials: { identifier: 'superadmin', password: 'superadmin' },
    cookieOptions: { secret: 'bench' },
  },
  dbConnectionOptions: { type: 'better-sqlite3', database, synchronize: true, enableWAL: true, logging: false },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new NoopLogger(),
  plugins: [],
};

const initialData = {
  defaultLanguage: 'en',
  defaultZone: 'Americas',
  countries: [{ name: 'United States of America', code: 'US', zone: 'Americas' }],
  taxRates: [{ name: 'Standard Tax', percentage: 7.25 }],
  shippingMethods: [{ name: 'Standard Shipping', price: 799 }],
  paymentMethods: [
    {
      name: 'Card',
      handler: { code: dummyPaymentHandler.code, arguments: [{ name: 'automaticSettle', value: 'true' }] },
    },
  ],
  collections: [],
};

async function main() {
  if (!existsSync(database)) {
    await (await populate(() => bootstrap(config), initialData, products)).close();
  }
  await bootstrap(config);
  console.log('ready');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
