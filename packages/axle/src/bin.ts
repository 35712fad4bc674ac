#!/usr/bin/env node
// Core's own bin, found by its package.json: the one file whose place both packages know.
await import(new URL('./dist/bin.js', import.meta.resolve('@axle-ia/core/package.json')).href)
