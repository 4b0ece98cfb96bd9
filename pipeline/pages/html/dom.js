"use strict";
// Elements of the page: found, made, and what is asked of all of them.
const $ = (selector, within = document) => within.querySelector(selector), all = (selector, within = document) => [...within.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
function make(tag, text, more) {
  const e = document.createElement(tag); if (text !== undefined) e.textContent = text;
  return Object.assign(e, more);
}
