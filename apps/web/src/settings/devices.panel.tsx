import { Button } from '@patternfly/react-core';
import { useCallback, useId, useState } from 'react';
import { ChoiceList } from '../form/choice-list.tsx';
import { useMessages } from '../messages/messages.ts';
import { DeviceIcon } from '../stages/authenticators/device-icon.tsx';
import { type DeviceAction, DeviceDialog } from './device.dialog.tsx';
import { classOf, type Device, decodeDevice, deviceAddress } from './device.ts';
import { Empty, Item, ItemList } from './item-list.tsx';
import { readArray } from './outcome.ts';
import { useSettings } from './settings.context.ts';
import type { Setup } from './setup.ts';
import type { RunFlow } from './sign-in.section.tsx';
import { LoadedView } from './trouble.tsx';
import { useLoad } from './use-load.ts';

type DevicesPanelProps = {
  readonly setups: readonly Setup[];
  readonly run: RunFlow;
  readonly say: (text: string) => void;
};

/** The second factors of a person, and those that they may add. */
export function DevicesPanel({ setups, run, say }: DevicesPanelProps) {
  const { api } = useSettings();
  const { devices: words } = useMessages().settings;
  const id = useId();
  const [action, setAction] = useState<DeviceAction>();
  const load = useCallback(() => readArray(api, '/api/v3/authenticators/all/', decodeDevice), [api]);
  const loaded = useLoad(load);
  const done = (text: string) => {
    setAction(undefined);
    say(text);
    void loaded.refresh();
  };
  return (
    <section className="po-panel" aria-labelledby={id}>
      <h2 id={id}>{words.title}</h2>
      <LoadedView loaded={loaded}>
        {(devices) => (
          <>
            {devices.length > 0 ? (
              <ItemList>
                {devices.map((device) => (
                  <DeviceItem key={deviceAddress(device)} device={device} ask={setAction} />
                ))}
              </ItemList>
            ) : (
              <Empty title={words.none} hint={words.noneHint} />
            )}
            {action && (
              <DeviceDialog action={action} devices={devices} onDone={done} onClose={() => setAction(undefined)} />
            )}
          </>
        )}
      </LoadedView>
      <Additions setups={setups} add={(address) => run({ address }, words.added)} />
    </section>
  );
}

type DeviceItemProps = { readonly device: Device; readonly ask: (action: DeviceAction) => void };

function DeviceItem({ device, ask }: DeviceItemProps) {
  const { settings, deviceClasses } = useMessages();
  const { devices: words } = settings;
  const kind = deviceClasses[device.deviceClass]?.title ?? device.deviceClass;
  const name = device.name || kind;
  return (
    <Item
      icon={<DeviceIcon deviceClass={device.deviceClass} />}
      title={name}
      lines={[name === kind ? '' : kind]}
      actions={
        <>
          <Button variant="link" aria-label={words.renameOf(name)} onClick={() => ask({ kind: 'rename', device })}>
            {words.rename}
          </Button>
          <Button
            variant="link"
            isDanger
            aria-label={words.removeOf(name)}
            onClick={() => ask({ kind: 'remove', device })}
          >
            {words.remove}
          </Button>
        </>
      }
    />
  );
}

type AdditionsProps = { readonly setups: readonly Setup[]; readonly add: (address: string) => void };

function Additions({ setups, add }: AdditionsProps) {
  const { settings, deviceClasses } = useMessages();
  const { devices: words } = settings;
  const items = setups.flatMap((setup) => {
    const deviceClass = classOf(setup);
    if (deviceClass === undefined || setup.configureUrl === undefined) return [];
    const { title = setup.title, about } = deviceClasses[deviceClass] ?? {};
    return [{ key: setup.configureUrl, title, hint: about, icon: <DeviceIcon deviceClass={deviceClass} /> }];
  });
  if (items.length === 0) return <p className="po-lead">{words.nothingToAdd}</p>;
  return (
    <div className="po-additions">
      <h3>{words.add}</h3>
      <ChoiceList label={words.add} items={items} choose={add} />
    </div>
  );
}
