/**
 * VS Code's workbench as a person sees it: every selector of ours into it is
 * in this file. Methods wait for what they need, and do what a person would,
 * with the mouse and the keyboard.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { local } from '../../scripts/setup/cache.mjs';
import { besides, boxOf, chooseItem, comes, escaped, rowNamed } from './locating.ts';

export const pictures = path.join(local, 'pictures');

/** How long anything may take, in milliseconds: machines that test are busy. */
export const WAIT = 45_000;

export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Until the files of the folder are listed. */
  async ready(): Promise<void> {
    await this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 60_000 });
  }

  /** Writes a picture of the whole window, and gives its path. */
  async picture(name: string): Promise<string> {
    mkdirSync(pictures, { recursive: true });
    const file = path.join(pictures, `${name.replaceAll(/[^\w-]+/g, '-')}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  press(keys: string): Promise<void> {
    return this.page.keyboard.press(keys);
  }

  // Commands, files and what the workbench says.

  /** Runs a command of the palette by its whole title, such as "Tapedeck: Profile". */
  async command(title: string): Promise<void> {
    await this.press('F1');
    await this.#pick(`>${title}`, title);
  }

  async open(file: string): Promise<void> {
    await this.press('Control+P');
    await this.#pick(file, path.basename(file));
    await this.editor(file).locator('.view-line').first().waitFor();
  }

  /** Makes a file with the button of the Explorer, and opens it empty. */
  async create(file: string): Promise<void> {
    const explorer = this.page.locator('.explorer-folders-view');
    await explorer.hover();
    await this.page.locator('.action-label[aria-label="New File..."]').first().click();
    const name = explorer.locator('.explorer-item-edited input');
    await name.fill(file);
    await name.press('Enter');
    await this.editor(file).locator('.view-line').first().waitFor();
  }

  /** Answers the box that asks for a text; `next` is the label of the one that follows, if one does. */
  async type(text: string, next?: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget input[type="text"]').first();
    await box.waitFor();
    await box.fill(text);
    await box.press('Enter');
    if (next === undefined) await box.waitFor({ state: 'hidden' });
    else await this.page.locator(`.quick-input-widget input[aria-label^="${next}"]`).waitFor();
  }

  /** Chooses from the list that is shown, the first row whose label begins like this. */
  async choose(label: string): Promise<void> {
    await this.choices()
      .filter({
        has: this.page.locator('.label-name', { hasText: new RegExp(`^${escaped(label)}`) }),
      })
      .first()
      .click();
  }

  choices(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  /** Fills the box by itself: the keyboard may belong to a webview that is still loading. */
  async #pick(text: string, label: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget input[type="text"]').first();
    const row = this.page.locator(
      `.quick-input-list .monaco-list-row.focused[aria-label^="${label}"]`,
    );
    await box.waitFor();
    // The list is made when it is asked for: what an extension adds later needs another question.
    const end = Date.now() + WAIT;
    do {
      await box.fill(text.slice(0, 1));
      await box.fill(text);
    } while (Date.now() < end && !(await comes(row, 3000)));
    await row.waitFor({ timeout: 1000 });
    await box.press('Enter'); // The command may open the box again at once: its row has gone then.
    await row.waitFor({ state: 'hidden' });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Clicks a row of a tree. Where the mouse rested before, what it was told there may lie over the row. */
  async click(row: Locator, button: 'left' | 'right' = 'left'): Promise<void> {
    await this.page.mouse.move(0, 0);
    const told = this.page.locator('.context-view .workbench-hover').first();
    await told.waitFor({ state: 'hidden' });
    await row.click({ button });
  }

  /** Chooses from the menu of a row. */
  async menu(row: Locator, label: string): Promise<void> {
    await this.click(row, 'right');
    await chooseItem(this.page, label);
  }

  /** Where the cursor is, as the status bar says it while an editor has the focus. */
  cursor(line?: number): Locator {
    return this.page.locator('.statusbar-item', { hasText: new RegExp(`^Ln ${line ?? '\\d+'}, `) });
  }

  /** A button of the dialog that is open, by the beginning of its label. */
  dialogButton(label: string): Locator {
    const text = new RegExp(`^${escaped(label)}`);
    return this.dialog().locator('.monaco-button', { hasText: text }).first();
  }

  /** An entry of the status bar; its id is publisher.name.id. */
  status(id: string): Locator {
    return this.page.locator(`.statusbar-item[id="${id}"]`);
  }

  // Editors.

  editor(file: string): Locator {
    return this.page.locator(`.monaco-editor[data-uri$="/${file}"]`).first();
  }

  tab(title: string): Locator {
    const label = this.page.locator('.label-name', { hasText: new RegExp(`^${escaped(title)}$`) });
    return this.page.locator('.tabs-container .tab').filter({ has: label });
  }

  /** A button of the editor's title, by the beginning of its label. */
  titleButton(label: string): Locator {
    return this.page.locator(`.editor-actions .action-label[aria-label^="${label}"]`).first();
  }

  line(file: string, line: number): Locator {
    return this.editor(file)
      .locator('.margin-view-overlays .line-numbers')
      .filter({ hasText: new RegExp(`^${line}$`) });
  }

  /** Scrolls the open editor so that a line is to be seen. */
  async goToLine(line: number): Promise<void> {
    await this.press('Control+G');
    await this.type(`:${line}`);
  }

  /** Clicks beside the line number, where breakpoints are. */
  async toggleBreakpoint(file: string, line: number): Promise<void> {
    const before = await this.breakpoints(file).count();
    const number = await boxOf(this.line(file, line));
    const margin = await boxOf(this.editor(file).locator('.margin').first());
    await this.page.mouse.click(margin.x + 8, number.y + number.height / 2);
    for (let i = 0; i < 50 && (await this.breakpoints(file).count()) === before; i++)
      await this.page.waitForTimeout(100);
  }

  breakpoints(file: string): Locator {
    return this.editor(file).locator('.codicon-debug-breakpoint');
  }

  /** The mark on the line at which the program stands. */
  stoppedLine(file: string): Locator {
    return this.editor(file).locator('.debug-top-stack-frame-line');
  }

  /** A line that shows a value beside the code. */
  inline(file: string, value: RegExp): Locator {
    return this.editor(file).locator('.debug-inline-value', { hasText: value }).first();
  }

  problems(file: string): Locator {
    return this.editor(file).locator('.squiggly-error');
  }

  /** Rests the mouse on the first place that says this. */
  async hover(file: string, text: string): Promise<void> {
    const place = this.editor(file).locator('.view-line span span', { hasText: text }).first();
    const { x, y, height } = await boxOf(place);
    await this.page.mouse.move(x + 4, y + height / 2, { steps: 3 });
  }

  /** What the debugger shows under the mouse. */
  debugHover(): Locator {
    return this.page.locator('.debug-hover-widget');
  }

  /** What a language shows under the mouse. */
  editorHover(): Locator {
    return this.page.locator('.monaco-hover-content').first();
  }

  /** An entry of the completions that are offered while typing. */
  suggestion(label: string): Locator {
    return this.page.locator(`.suggest-widget .monaco-list-row[aria-label^="${label}"]`).first();
  }

  // Debugging.

  /** Waits until the program stands at this line; only one line of an editor is marked so. */
  async stopped(file: string, line: number): Promise<void> {
    const mark = this.stoppedLine(file).first();
    for (let i = 0; i < 100; i++) {
      const stands = await boxOf(mark);
      const wanted = await boxOf(this.line(file, line));
      if (Math.abs(stands.y - wanted.y) < 4) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`The program does not stand at line ${line} of ${file}.`);
  }

  toolbar(): Locator {
    return this.page.locator('.debug-toolbar');
  }

  /** A button of the debug toolbar: Continue, Pause, Step Over, Restart, Stop, or one of ours. */
  async debug(button: string): Promise<void> {
    await this.toolbar().locator(`.action-label[aria-label^="${button}"]`).click();
  }

  /** Chooses from the menu that a button of the debug toolbar opens. */
  async debugMenu(button: string, label: string): Promise<void> {
    await this.debug(button);
    await chooseItem(this.page, label);
  }

  /** On a line with one breakpoint: clicks the nth mark before a call, until the debugger has a second. */
  async addCallBreakpoint(file: string, line: number, nth: number): Promise<void> {
    const marks = this.editor(file).locator('.inline-breakpoint-widget');
    await (await besides(this.line(file, line), marks, nth)).click();
    await besides(this.line(file, line), marks.and(this.breakpoints(file)), 1);
  }

  /** Why the program stands, as the Call Stack says it. */
  why(text: string): Locator {
    return this.page.locator('.call-stack-state-message', { hasText: text });
  }

  /** What went wrong, on the line where it did. */
  exception(): Locator {
    return this.page.locator('.exception-widget');
  }

  frames(): Locator {
    return this.page.locator('.debug-call-stack .monaco-list-row .stack-frame');
  }

  #variables(): Locator {
    return this.page.locator('.debug-variables').first();
  }

  scope(name: string): Locator {
    return this.#variables().locator('.monaco-list-row[aria-level="1"]').filter({ hasText: name });
  }

  variable(name: string): Locator {
    return rowNamed(this.page, this.#variables(), name);
  }

  value(name: string): Locator {
    return this.variable(name).locator('.value');
  }

  /** Opens a row; VS Code opens the first scope by itself, but not always after the first stop. */
  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    for (let i = 0; i < 40; i++) {
      if ((await row.getAttribute('aria-expanded')) === 'true') return;
      if (i % 6 === 5) await row.locator('.monaco-tl-twistie').click();
      await this.page.waitForTimeout(100);
    }
    throw new Error('The row does not open.');
  }

  async setVariable(name: string, value: string): Promise<void> {
    await this.value(name).dblclick();
    await this.#enter(this.#variables(), value);
  }

  async watch(expression: string): Promise<void> {
    const pane = await this.pane('Watch');
    await pane.locator('.pane-header').hover();
    await pane.locator('.action-label[aria-label="Add Expression"]').click();
    await this.#enter(pane, expression);
  }

  async watched(expression: string): Promise<Locator> {
    return rowNamed(this.page, await this.pane('Watch'), expression).locator('.value');
  }

  async #enter(within: Locator, text: string): Promise<void> {
    const box = within.locator('.inputBoxContainer input:visible').first();
    await box.fill(text);
    await box.press('Enter');
    await box.waitFor({ state: 'hidden' });
  }

  /** Types into the Debug Console and opens it before. */
  async evaluate(expression: string): Promise<void> {
    const input = this.page.locator('.repl-input-wrapper .monaco-editor').first();
    if (!(await input.isVisible())) await this.press('Control+Shift+Y');
    await input.click();
    await this.page.keyboard.insertText(expression);
    await this.press('Enter');
  }

  /** The lines of the Debug Console. */
  console(): Locator {
    return this.page.locator('.repl-tree .monaco-list-row');
  }

  /** The terminal that is open. What it says is painted, not written. */
  terminal(): Locator {
    return this.page.locator('.terminal-wrapper.active .xterm-screen');
  }

  // Side bar.

  /** A pane of the side bar by its title, opened. */
  async pane(title: string): Promise<Locator> {
    const pane = this.page
      .locator('.split-view-view .pane')
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${title}"]`) });
    await pane.waitFor();
    const header = pane.locator('.pane-header').first();
    if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
    return pane;
  }

  /** Closes panes, to make room for others. */
  async collapse(...titles: readonly string[]): Promise<void> {
    for (const title of titles) {
      const header = this.page.locator(`.pane-header[aria-label^="${title}"]`).first();
      if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
    }
  }

  rows(pane: Locator): Locator {
    return pane.locator('.monaco-list-row');
  }

  /** A row by its whole label; what stands behind the label does not count. */
  row(pane: Locator, label: string): Locator {
    const text = new RegExp(`^${escaped(label)}$`);
    return this.rows(pane)
      .filter({ has: this.page.locator('.label-name', { hasText: text }) })
      .first();
  }

  labels(pane: Locator): Promise<string[]> {
    return this.rows(pane).locator('.label-name').allInnerTexts();
  }

  // Webviews.

  /** The page whose document holds this; titles are not to be seen from outside a frame. */
  async webview(probe: string, milliseconds = 20_000): Promise<Frame> {
    const end = Date.now() + milliseconds;
    for (; Date.now() < end; await this.page.waitForTimeout(100))
      for (const frame of this.page.frames()) {
        if (!frame.parentFrame()) continue;
        // A frame may go while it is asked.
        const count = await frame
          .locator(probe)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
    throw new Error(`No webview holds ${probe}.`);
  }
}
