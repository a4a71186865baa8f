import { useEffect, useState } from 'preact/hooks'
import { predict } from '../../recognition/client.ts'

/** The first picture among what was dropped or pasted, else the first file, to say what is wrong with it. */
function pictureOf(data: DataTransfer | null): File | undefined {
  const files = [...(data?.files ?? [])]
  return files.find(({ type }) => type.startsWith('image/')) ?? files[0]
}

interface PictureFileProps {
  /** Whether pictures may be dropped anywhere and pasted; the last one is shown. */
  readonly last: Blob | undefined
  onPicture(picture: File): void
}

/** Takes what is dropped on the page or pasted, whatever way of giving pictures is chosen. */
export function useGivenPictures(onPicture: (picture: File) => void): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const take = (picture: File | undefined, event: Event) => {
      if (picture === undefined) return
      event.preventDefault()
      onPicture(picture)
      predict(picture)
    }
    const listeners = {
      dragover: (event: DragEvent) => {
        event.preventDefault()
        setOver(true)
      },
      dragleave: (event: DragEvent) => event.relatedTarget === null && setOver(false),
      drop: (event: DragEvent) => {
        event.preventDefault()
        setOver(false)
        take(pictureOf(event.dataTransfer), event)
      },
      paste: (event: ClipboardEvent) => take(pictureOf(event.clipboardData), event),
    }
    const all = Object.entries(listeners) as [string, EventListener][]
    for (const [name, listener] of all) addEventListener(name, listener)
    return () => {
      for (const [name, listener] of all) removeEventListener(name, listener)
    }
  }, [onPicture])
  return isOver
}

/** The picture itself, as it was given. */
function usePreview(picture: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (picture === undefined) {
      setUrl(undefined)
      return
    }
    const made = URL.createObjectURL(picture)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [picture])
  return url
}

/** Choose a picture from this device; it does not leave it. */
export function PictureFile({ last, onPicture }: PictureFileProps) {
  const url = usePreview(last)
  const choose = (event: Event & { currentTarget: HTMLInputElement }) => {
    const [file] = event.currentTarget.files ?? []
    event.currentTarget.value = ''
    if (file === undefined) return
    onPicture(file)
    predict(file)
  }
  return (
    <div class="drop">
      {url !== undefined && <img src={url} alt="As it was given" />}
      <label class="button">
        <input class="visually-hidden" type="file" accept="image/*" onChange={choose} />
        Choose a picture
      </label>
      <p class="hint">Or drop one on the page, or paste one. It does not leave this device.</p>
    </div>
  )
}
