import '@fontsource-variable/noto-sans-kr'
import './app.css'
import { mount } from 'svelte'
import App from './App.svelte'
import Screen from './screen/Screen.svelte'
import { keptToScreen } from './screen/screen.svelte'

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app element')

// An address with a page in it is one that a person of the shop typed.
const onScreen = location.pathname === '/screen'
if (!onScreen && location.hash === '' && keptToScreen()) location.replace('/screen')
else mount(onScreen ? Screen : App, { target })
