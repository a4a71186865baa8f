import { FailureError } from '../base/errors.ts'
import type { ReportDocument } from './document.ts'
import { ranksOf, shorten } from './shorten.ts'
import { toTypst } from './typst.ts'

/** The hand-in of the reference study: no more than this. */
export const MOST_PAGES = 5

/**
 * A document as a paper of at most five pages of A4, tagged for those who hear it: what it has room for, what ranks
 * highest left out first. The same document gives the same bytes.
 * @throws FailureError where Typst is not installed, or what has rank 0 does not fit.
 */
export async function toPdf(report: ReportDocument, dom: Document): Promise<Uint8Array> {
  const { NodeCompiler } = await loadTypst()
  const compiler = NodeCompiler.create()
  for (const rank of ranksOf(report)) {
    const compiled = compiler.compile({ mainFileContent: toTypst(shorten(report, rank), dom) })
    const paper = compiled.result
    if (paper === null) {
      const found = compiled.takeDiagnostics()
      throw new Error(`Typst: ${JSON.stringify(found?.shortDiagnostics)}`) // a fault of ours: typst.ts wrote it
    }
    if (paper.numOfPages <= MOST_PAGES) return compiler.pdf(paper, { pdfStandard: 'ua-1' })
  }
  throw new FailureError(
    `The paper is longer than ${MOST_PAGES} pages even without all that can be left out. The HTML and the Markdown hold everything.`,
  )
}

/** What is used of the compiler; types must hold where the package is not installed, too. */
interface Typst {
  readonly NodeCompiler: {
    create(): {
      compile(source: { readonly mainFileContent: string }): {
        readonly result: { readonly numOfPages: number } | null
        takeDiagnostics(): { readonly shortDiagnostics: readonly unknown[] } | null
      }
      pdf(paper: object, options: { readonly pdfStandard: string }): Uint8Array
    }
  }
}

/** The compiler, which only a paper needs: 52 MB that are not installed with everything else. */
export async function loadTypst(): Promise<Typst> {
  const name: string = '@myriaddreamin/typst-ts-node-compiler'
  try {
    return await import(name)
  } catch (error) {
    throw new FailureError(
      `A paper is set by Typst, which is not installed here. Install it: npm install ${name}`,
      {
        cause: error,
      },
    )
  }
}
