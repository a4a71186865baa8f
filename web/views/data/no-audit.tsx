import { CommandLine } from '../../parts/command-line.tsx'
import { Empty } from '../../parts/states.tsx'

/** Where nobody has audited these images yet. */
export function NoAudit({ source }: { readonly source: string }) {
  return (
    <Empty title="Not looked for yet">
      <p>
        It takes an audit, which compares all images and asks networks which labels they do not believe. Made
        where the server’s records lie, it is found here by the content of the images:
      </p>
      <CommandLine text={`atelier data '${source}' --audit --out audit`} label="The line that audits them" />
    </Empty>
  )
}
