import type { EntityManager } from '@postern/database';
import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { DeviceEntity, type DeviceRow } from './device.entity.ts';
import {
  callerOf,
  createUnconfirmed,
  type DeviceResource,
  type DeviceRpcDeps,
  deviceMethods,
} from './device.methods.ts';
import { DEVICE_MODELS } from './device.models.ts';
import { duoDevices, smsDevices, staticDevices, totpDevices, webAuthnDevices } from './device.resources.ts';

/** Serves the devices of every class: their owners see, rename and delete them, administrators those of everybody. */
export function createDeviceServices(deps: DeviceRpcDeps): readonly BoundService[] {
  return [bindAll(deps), bindDuo(deps), bindSms(deps), bindStatic(deps), bindTotp(deps), bindWebAuthn(deps)];
}

function bindAll({ db }: DeviceRpcDeps): BoundService {
  const list = (call: Call, where: object) =>
    db.read(call.context, async (em) => ({ items: (await everyClass(em, where)).map(deviceOf) }));
  return bind(auth.DeviceServiceDefinition, {
    listOwnDevices: (_request, call) => list(call, { user: callerOf(call).pk, confirmed: true }),
    listAllDevices: ({ user }, call) => list(call, user === undefined ? {} : { user }),
  });
}

function everyClass(em: EntityManager, where: object): Promise<DeviceRow[]> {
  return em.find(DeviceEntity, where, { orderBy: { class: 'asc', name: 'asc', pk: 'asc' } });
}

function deviceOf({ pk, name, confirmed, ...row }: DeviceRow): auth.Device {
  const { type, model, verboseName, verboseNamePlural } = DEVICE_MODELS[row.class];
  const titles = { verbose_name: verboseName, verbose_name_plural: verboseNamePlural, meta_model_name: model };
  return { ...titles, pk, name, type, confirmed };
}

/** What a class can do, by whose devices it is done with. */
function methodsOf<Message>(deps: DeviceRpcDeps, resource: DeviceResource<Message>) {
  return {
    own: deviceMethods(deps, resource, 'own'),
    any: deviceMethods(deps, resource, 'any'),
    create: (given: { name: string } | undefined, call: Call) =>
      createUnconfirmed(deps, resource, given?.name ?? '', call),
  };
}

function bindDuo(deps: DeviceRpcDeps): BoundService {
  const { own, any, create } = methodsOf(deps, duoDevices);
  return bind(auth.DuoAuthenticatorServiceDefinition, {
    listDuoDevices: (request, call) => own.list(request, call),
    getDuoDevice: ({ id }, call) => own.get(id, call),
    updateDuoDevice: ({ id, duo_device: given, update_mask: mask }, call) =>
      own.rename({ id, name: given?.name, mask }, call),
    deleteDuoDevice: ({ id }, call) => own.remove(id, call),
    listDuoDeviceUsedBy: ({ id }, call) => own.usedBy(id, call),
    listAnyDuoDevices: (request, call) => any.list(request, call),
    createAnyDuoDevice: ({ duo_device }, call) => create(duo_device, call),
    getAnyDuoDevice: ({ id }, call) => any.get(id, call),
    updateAnyDuoDevice: ({ id, duo_device: given, update_mask: mask }, call) =>
      any.rename({ id, name: given?.name, mask }, call),
    deleteAnyDuoDevice: ({ id }, call) => any.remove(id, call),
  });
}

function bindSms(deps: DeviceRpcDeps): BoundService {
  const { own, any, create } = methodsOf(deps, smsDevices);
  return bind(auth.SmsAuthenticatorServiceDefinition, {
    listSmsDevices: (request, call) => own.list(request, call),
    getSmsDevice: ({ id }, call) => own.get(id, call),
    updateSmsDevice: ({ id, sms_device: given, update_mask: mask }, call) =>
      own.rename({ id, name: given?.name, mask }, call),
    deleteSmsDevice: ({ id }, call) => own.remove(id, call),
    listSmsDeviceUsedBy: ({ id }, call) => own.usedBy(id, call),
    listAnySmsDevices: (request, call) => any.list(request, call),
    createAnySmsDevice: ({ sms_device }, call) => create(sms_device, call),
    getAnySmsDevice: ({ id }, call) => any.get(id, call),
    updateAnySmsDevice: ({ id, sms_device: given, update_mask: mask }, call) =>
      any.rename({ id, name: given?.name, mask }, call),
    deleteAnySmsDevice: ({ id }, call) => any.remove(id, call),
  });
}

function bindStatic(deps: DeviceRpcDeps): BoundService {
  const { own, any, create } = methodsOf(deps, staticDevices);
  return bind(auth.StaticAuthenticatorServiceDefinition, {
    listStaticDevices: (request, call) => own.list(request, call),
    getStaticDevice: ({ id }, call) => own.get(id, call),
    updateStaticDevice: ({ id, static_device: given, update_mask: mask }, call) =>
      own.rename({ id, name: given?.name, mask }, call),
    deleteStaticDevice: ({ id }, call) => own.remove(id, call),
    listStaticDeviceUsedBy: ({ id }, call) => own.usedBy(id, call),
    listAnyStaticDevices: (request, call) => any.list(request, call),
    createAnyStaticDevice: ({ static_device }, call) => create(static_device, call),
    getAnyStaticDevice: ({ id }, call) => any.get(id, call),
    updateAnyStaticDevice: ({ id, static_device: given, update_mask: mask }, call) =>
      any.rename({ id, name: given?.name, mask }, call),
    deleteAnyStaticDevice: ({ id }, call) => any.remove(id, call),
  });
}

function bindTotp(deps: DeviceRpcDeps): BoundService {
  const { own, any, create } = methodsOf(deps, totpDevices);
  return bind(auth.TotpAuthenticatorServiceDefinition, {
    listTotpDevices: (request, call) => own.list(request, call),
    getTotpDevice: ({ id }, call) => own.get(id, call),
    updateTotpDevice: ({ id, totp_device: given, update_mask: mask }, call) =>
      own.rename({ id, name: given?.name, mask }, call),
    deleteTotpDevice: ({ id }, call) => own.remove(id, call),
    listTotpDeviceUsedBy: ({ id }, call) => own.usedBy(id, call),
    listAnyTotpDevices: (request, call) => any.list(request, call),
    createAnyTotpDevice: ({ totp_device }, call) => create(totp_device, call),
    getAnyTotpDevice: ({ id }, call) => any.get(id, call),
    updateAnyTotpDevice: ({ id, totp_device: given, update_mask: mask }, call) =>
      any.rename({ id, name: given?.name, mask }, call),
    deleteAnyTotpDevice: ({ id }, call) => any.remove(id, call),
  });
}

function bindWebAuthn(deps: DeviceRpcDeps): BoundService {
  const { own, any, create } = methodsOf(deps, webAuthnDevices);
  return bind(auth.WebAuthnAuthenticatorServiceDefinition, {
    listWebAuthnDevices: (request, call) => own.list(request, call),
    getWebAuthnDevice: ({ id }, call) => own.get(id, call),
    updateWebAuthnDevice: ({ id, web_authn_device: given, update_mask: mask }, call) =>
      own.rename({ id, name: given?.name, mask }, call),
    deleteWebAuthnDevice: ({ id }, call) => own.remove(id, call),
    listWebAuthnDeviceUsedBy: ({ id }, call) => own.usedBy(id, call),
    listAnyWebAuthnDevices: (request, call) => any.list(request, call),
    createAnyWebAuthnDevice: ({ web_authn_device }, call) => create(web_authn_device, call),
    getAnyWebAuthnDevice: ({ id }, call) => any.get(id, call),
    updateAnyWebAuthnDevice: ({ id, web_authn_device: given, update_mask: mask }, call) =>
      any.rename({ id, name: given?.name, mask }, call),
    deleteAnyWebAuthnDevice: ({ id }, call) => any.remove(id, call),
  });
}
