import { shellQuoted } from '../../../src/base/shell.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { Empty } from '../../parts/states.tsx'

/** Says how to audit images that nobody has audited yet. */
export function NoAudit({ source }: { readonly source: string }) {
  return (
    <Empty title="Not audited yet">
      <p>
        An audit compares all images, and asks networks which labels they disagree with. Run in the server’s
        directory, it is found by the content of the images:
      </p>
      <CommandLine
        text={`atelier data ${shellQuoted(source)} --audit --out audit`}
        label="Command that audits them"
      />
    </Empty>
  )
}
