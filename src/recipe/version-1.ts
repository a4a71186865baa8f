/** What a setting meant where a record of version 1 was silent. It never changes, whatever becomes of the defaults. */
const meant = {
  schedule: { kind: 'constant' },
  labelSmoothing: 0,
  options: {
    sgd: { learningRate: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0 },
    adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 },
    constant: { warmUp: 0 },
    step: { factor: 0.1, warmUp: 0 },
    cosine: { floor: 0, warmUp: 0 },
    linear: { warmUp: 0 },
    'one-cycle': { peak: 0.3, start: 25, end: 10_000 },
  } as Readonly<Record<string, object>>,
  augmentation: { flip: false, translate: 0, fill: 0 },
  erase: { low: 3, high: 9 },
  earlyStopping: { minDelta: 0 },
}

type Part = Readonly<Record<string, unknown>> | undefined

const complete = (kind: Part) => kind && { ...meant.options[String(kind.kind)], ...kind }

/** The settings of a record of version 1 as one that is silent of nothing. */
export function speakOut(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null) return settings
  const { optimizer, schedule, earlyStopping, augmentation, ...rest } = settings as Record<string, Part>
  const erase = augmentation?.erase as Part
  return {
    labelSmoothing: meant.labelSmoothing,
    ...rest,
    optimizer: complete(optimizer),
    schedule: complete(schedule ?? meant.schedule),
    ...(earlyStopping && { earlyStopping: { ...meant.earlyStopping, ...earlyStopping } }),
    ...(augmentation && {
      augmentation: {
        ...meant.augmentation,
        ...augmentation,
        ...(erase && { erase: { ...meant.erase, ...erase } }),
      },
    }),
  }
}
