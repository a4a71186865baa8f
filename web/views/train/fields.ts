/** A setting of training: what the command line calls it, and how the page asks for it. */
export interface TrainField {
  /** The flag, without its hyphens. */
  readonly name: string
  readonly label: string
  readonly placeholder?: string
  readonly hint?: string
  readonly choices?: readonly (readonly [value: string, name: string])[]
  readonly inputMode?: 'numeric' | 'decimal' | 'text'
  /** Whether it is asked for at once, or only by those who want more. */
  readonly isUsual?: boolean
  /** Whether it means anything beside the others; what it holds is left out where it does not. */
  when?(value: (name: string) => string): boolean
}

const whole = { inputMode: 'numeric' } as const
const decimal = { inputMode: 'decimal' } as const
const usual = { isUsual: true } as const

const isNamed = (value: (name: string) => string) => value('model') !== OWN
const bySgd = (value: (name: string) => string) => ['', 'sgd'].includes(value('optimizer'))

/** The name of the network that a person builds. */
export const OWN = 'own'

/** The settings in the order in which they are asked for. An empty choice is the default. */
export const fields: readonly TrainField[] = [
  { name: 'epochs', label: 'Epochs', placeholder: '10', ...whole, ...usual },
  { name: 'batch', label: 'Images a step', placeholder: '32', ...whole, ...usual },
  {
    name: 'optimizer',
    label: 'Optimizer',
    choices: [
      ['', 'SGD'],
      ['adam', 'Adam'],
      ['adamw', 'AdamW'],
    ],
    ...usual,
  },
  {
    name: 'learning-rate',
    label: 'Learning rate',
    placeholder: '0.01; Adam: 0.001',
    ...decimal,
    ...usual,
  },
  { name: 'dropout', label: 'Dropout', placeholder: '0', ...decimal, ...usual, when: isNamed },
  { name: 'seed', label: 'Seed', placeholder: '1', ...whole, ...usual },
  {
    name: 'schedule',
    label: 'Learning rate goes',
    choices: [
      ['', 'down a cosine'],
      ['linear', 'down a line'],
      ['constant', 'nowhere'],
      ['step', 'down in steps'],
      ['one-cycle', 'up and down once'],
    ],
  },
  {
    name: 'step-every',
    label: 'A step every … epochs',
    placeholder: '10',
    ...whole,
    when: (value) => value('schedule') === 'step',
  },
  {
    name: 'warm-up',
    label: 'Epochs of warm-up',
    placeholder: '0',
    ...decimal,
    when: (value) => value('schedule') !== 'one-cycle',
  },
  { name: 'momentum', label: 'Momentum', placeholder: '0.9', ...decimal, when: bySgd },
  {
    name: 'no-nesterov',
    label: 'Momentum looks',
    choices: [
      ['', 'ahead (Nesterov)'],
      ['yes', 'not ahead'],
    ],
    when: bySgd,
  },
  { name: 'weight-decay', label: 'Weight decay', placeholder: '0', ...decimal },
  { name: 'label-smoothing', label: 'Label smoothing', placeholder: '0', ...decimal },
  { name: 'clip-norm', label: 'Longest gradient', placeholder: 'any', ...decimal },
  { name: 'averaging', label: 'Averaging of weights', placeholder: 'none; 0.999 is usual', ...decimal },
  { name: 'augment', label: 'Vary the images', placeholder: 'flip,translate=2,erase=0.25' },
  {
    name: 'loss',
    label: 'Loss',
    choices: [
      ['', 'cross-entropy'],
      ['softmax-twice', 'softmax twice, as in the study'],
    ],
  },
  { name: 'early-stopping', label: 'Stop after … epochs without gain', placeholder: 'never', ...whole },
  {
    name: 'min-delta',
    label: 'Least gain that counts',
    placeholder: '0',
    ...decimal,
    when: (value) => value('early-stopping') !== '',
  },
  {
    name: 'monitor',
    label: 'The best epoch has',
    choices: [
      ['', 'the lowest validation loss'],
      ['val-accuracy', 'the highest validation accuracy'],
    ],
  },
  {
    name: 'activation',
    label: 'Activation',
    choices: [
      ['', 'ReLU'],
      ['sigmoid', 'sigmoid'],
      ['tanh', 'tanh'],
    ],
    when: isNamed,
  },
  { name: 'init', label: 'First weights', placeholder: 'he-uniform', when: isNamed },
  { name: 'validation', label: 'Share to validate on', placeholder: '0.2', ...decimal },
]
