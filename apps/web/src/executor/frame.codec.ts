import type { FlowInfo, Layout, ResponseErrors, Shown, WithUser } from './challenge.types.ts';
import { isWire, listOf, textOf, type Wire, wireOf } from './wire.codec.ts';

const LAYOUTS: readonly string[] = [
  'stacked',
  'content_left',
  'content_right',
  'sidebar_left',
  'sidebar_right',
] satisfies Layout[];

/** What every challenge may carry: the looks of the flow, and why the last answer did not pass. */
export function shown(wire: Wire): Shown {
  return {
    ...(isWire(wire.flow_info) ? { flow_info: flowInfo(wire.flow_info) } : {}),
    ...(isWire(wire.response_errors) ? { response_errors: responseErrors(wire.response_errors) } : {}),
  };
}

/** As `shown`, with whom it is about. */
export function withUser(wire: Wire): WithUser {
  return {
    ...shown(wire),
    pending_user: textOf(wire, 'pending_user'),
    pending_user_avatar: textOf(wire, 'pending_user_avatar'),
  };
}

function flowInfo(wire: Wire): FlowInfo {
  const layout = textOf(wire, 'layout');
  return {
    title: textOf(wire, 'title'),
    background: textOf(wire, 'background'),
    cancel_url: textOf(wire, 'cancel_url') || '/flows/-/cancel/',
    layout: LAYOUTS.includes(layout) ? (layout as Layout) : 'stacked',
  };
}

function responseErrors(wire: Wire): ResponseErrors {
  const errors = Object.keys(wire).map((field) => [field, listOf(wire, field, errorDetail)] as const);
  return Object.fromEntries(errors);
}

function errorDetail(value: unknown) {
  const wire = wireOf(value);
  return { string: typeof value === 'string' ? value : textOf(wire, 'string'), code: textOf(wire, 'code') };
}
