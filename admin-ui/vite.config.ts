import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Writes a .br and a .gz beside every text file, so that the hub compresses nothing while it answers. */
const compressOnce: Plugin = {
  name: 'compress-once',
  apply: 'build',
  writeBundle({ dir }) {
    if (!dir) return
    const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    for (const file of files) {
      if (!file.isFile() || !/\.(js|css|svg|json)$/.test(file.name)) continue
      const path = join(file.parentPath, file.name)
      const bytes = readFileSync(path)
      writeFileSync(`${path}.br`, brotliCompressSync(bytes))
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
    }
  },
}

/** `npm run build` makes admin-ui/dist, which the hub serves; `npm run ui` serves the sources beside a running hub. */
export default defineConfig({
  root,
  plugins: [react(), compressOnce],
  // A data: address in a style would need a wider content security policy.
  build: { outDir: 'dist', assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 1_000 },
  server: {
    proxy: {
      '^/(api|plugins/[^/]+/|openapi.json|docs)': process.env.ENTREPOT_HUB ?? 'http://127.0.0.1:7070',
    },
  },
})
