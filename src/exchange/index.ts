import type { FormatName } from './formats.ts'

export type { FormatName } from './formats.ts'
export { type Imported, type ImportRequest, importModel } from './import/import.ts'
export type { LayoutName } from './import/layouts.ts'

/**
 * A run, or a weights file, in another form: `onnx` and `safetensors` are bytes, `module` (JavaScript) and `card` (Markdown)
 * are texts. Throws an InputError where there is no such network, or no run to write a card of.
 */
export async function exportModel(path: string, format: FormatName): Promise<Uint8Array | string> {
  const { formats, readExportSource } = await import('./formats.ts') // heavy, and seldom wanted
  return formats[format].encode(await readExportSource(path))
}
