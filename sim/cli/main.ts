#!/usr/bin/env node
import { nodeDeps } from './node-deps.ts';
import { runCommandLine } from './program.ts';

process.exitCode = await runCommandLine(nodeDeps(), process.argv.slice(2));
