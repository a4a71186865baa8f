import { losses } from '../model/losses.ts'
import { augmentation } from './augmentation.ts'
import { earlyStopping, monitors } from './early-stopping.ts'
import { optimizers } from './optimizers.ts'
import { schedules } from './schedules.ts'
import { type Complete, choice, type Given, group, number, word } from './setting.ts'

const whole = (least: number, most?: number) => ({ whole: true, least, ...(most !== undefined && { most }) })
const share = { least: 0, below: 1 }

/**
 * Every setting of a training but for network, data and engine. Its check, its default, the option of `train`, the flag,
 * the field of the page, the parameter of a search, the line of a record and the words of a report follow from its row.
 */
export const settings = {
  epochs: number(whole(1), {
    ...{ default: 10, label: 'epochs', isCommon: true },
    about: 'passes over the training images',
  }),
  batch: number(whole(1, 4096), {
    ...{ default: 32, label: 'batch size', unit: 'image', searchable: true, isCommon: true },
    about: 'images per step',
  }),
  optimizer: choice(optimizers, {
    ...{ default: { kind: 'sgd' }, label: 'optimizer', searchable: true, isCommon: true },
    about: 'how weights are updated from gradients',
  }),
  schedule: choice(schedules, {
    // A rate that falls to 0 is worth a point of accuracy over one that stays, in few epochs as in many.
    ...{ default: { kind: 'cosine' }, label: 'schedule', searchable: true },
    about: 'how the learning rate changes over the run',
  }),
  clipNorm: number(
    { above: 0 },
    {
      ...{ usual: 1, label: 'clip norm', searchable: true },
      about: 'clip the gradient to this norm',
    },
  ),
  averaging: number(share, {
    ...{ usual: 0.999, label: 'averaging', searchable: true },
    about: 'decay of an exponential moving average of the weights; 0.999 is usual',
  }),
  labelSmoothing: number(share, {
    ...{ default: 0, usual: 0.1, label: 'label smoothing', searchable: true },
    about: 'share of the target spread over all classes',
  }),
  augmentation: group(augmentation, {
    ...{ label: 'augmentation', flag: 'augment', isList: true },
    about: 'augment the training images',
  }),
  loss: word(losses, {
    ...{ default: 'cross-entropy', label: 'loss' },
    about: 'loss to minimize',
  }),
  earlyStopping: group(earlyStopping, {
    ...{ head: 'patience', label: 'early stopping' },
    about: 'stop after this many epochs without improvement',
  }),
  monitor: word(monitors, {
    ...{ default: 'val-loss', label: 'monitor' },
    about: 'decides which epoch’s weights are kept',
  }),
  preprocessing: group(
    {
      scale: number(
        {},
        { required: true, label: 'scale', isQuiet: true, about: 'what a pixel byte is multiplied by' },
      ),
      shift: number({}, { required: true, label: 'shift', isQuiet: true, about: 'what is added to it then' }),
    },
    {
      ...{ default: { scale: 1 / 255, shift: 0 }, label: 'preprocessing', flag: false, isQuiet: true },
      about: 'how pixel bytes become numbers',
    },
  ),
  seed: number(whole(0), {
    ...{ default: 1, label: 'seed', isCommon: true },
    about: 'seed of weights, order, dropout and augmentation',
  }),
} as const

/** How a network is trained, as one writes it; whatever is left out has its default. */
export interface RecipeInput extends Given<typeof settings> {}
/** How a network is trained, everything said. */
export interface Recipe extends Complete<typeof settings> {}
