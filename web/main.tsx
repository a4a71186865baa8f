import 'virtual:theme.css'
import './style/base.css'
import './style/controls.css'
import './style/parts.css'
import { render } from 'preact'
import { z } from 'zod'
import { App } from './app.tsx'

z.config({ jitless: true }) // the page's policy forbids code from text, and asking for it would be reported

const root = document.getElementById('app')
if (root !== null) render(<App />, root)
