import { number } from './setting.ts'

/** How the training images are split. */
export const splitOptions = {
  validation: number(
    { above: 0, below: 1 },
    { default: 0.2, label: 'validation share', about: 'share of the training images to validate on' },
  ),
} as const
