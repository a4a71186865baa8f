import { useEffect, useRef, useState } from 'preact/hooks'
import { Failure, Loading } from '../../parts/states.tsx'
import { predict, recognition } from '../../recognition/client.ts'

/** Milliseconds between two pictures where it recognizes continuously. */
const BETWEEN = 300

/** Why there is no picture from a camera, in words. */
function reason(error: unknown): Error {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError') return new Error('Camera access was denied in the browser.')
  if (name === 'NotFoundError') return new Error('There is no camera on this device.')
  if (name === 'NotReadableError') return new Error('The camera is in use by another program.')
  return error instanceof Error ? error : new Error(String(error))
}

async function openCamera(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) {
    throw new Error('Browsers allow the camera only on this machine or over HTTPS.')
  }
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
}

/** Shows what the camera sees; a press shows it to the network. The camera is let go when one leaves. */
export function Camera() {
  const video = useRef<HTMLVideoElement>(null)
  const [stream, setStream] = useState<MediaStream>()
  const [error, setError] = useState<Error>()
  const [hasPicture, setPicture] = useState(false)
  const [isLive, setLive] = useState(false)
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    let isWanted = true
    let opened: MediaStream | undefined
    setError(undefined)
    openCamera().then(
      (found) => {
        opened = found
        if (isWanted) setStream(found)
        else for (const track of found.getTracks()) track.stop()
      },
      (thrown) => isWanted && setError(reason(thrown)),
    )
    return () => {
      isWanted = false
      for (const track of opened?.getTracks() ?? []) track.stop()
    }
  }, [attempt])
  useEffect(() => {
    if (video.current !== null && stream !== undefined) video.current.srcObject = stream
  }, [stream])

  const take = async () => {
    const seen = video.current
    if (seen === null || seen.videoWidth === 0) return
    predict(await createImageBitmap(seen))
  }
  useEffect(() => {
    if (!isLive) return
    const timer = setInterval(() => {
      if (!recognition.isPredicting.peek()) void take()
    }, BETWEEN)
    return () => clearInterval(timer)
  }, [isLive])

  if (error !== undefined) return <Failure error={error} retry={() => setAttempt(attempt + 1)} />
  if (stream === undefined) return <Loading what="Asking for the camera" />
  return (
    <div class="camera">
      <video
        ref={video}
        autoplay
        muted
        playsInline
        aria-label="Camera"
        onLoadedData={() => setPicture(true)}
      />
      <div class="buttons">
        <button type="button" class="primary" disabled={!hasPicture} onClick={take}>
          Recognize
        </button>
        <label class="checkbox">
          <input
            type="checkbox"
            checked={isLive}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
          <span>continuously</span>
        </label>
      </div>
    </div>
  )
}
