import type { TrackingIncident, TrackingState } from 'entrepot/sdk'

/**
 * What DHL's event codes mean: our word on the left, DHL's codes on the right, as `ICE`, `ICE/RIC` or
 * `ICE/RIC/standard event`; the most exact one counts. A code that stands nowhere has no state.
 * Source: DHL's list "ICE event and RIC combinations" of July 2024, at
 * https://developer.dhl.com/api-reference/dhl-parcel-de-shipment-tracking-post-parcel-germany
 */
const codesByState: Record<TrackingState | 'none', string> = {
  announced: 'PARCV PURCR/BOOKN PURCR/NRQRD',
  collected: 'PCKDU SHRCU SRTED/NRQRD/ES SRTED/NRQRD/AE LDTMV/SERPT/ES',
  in_transit: `ASMVT DLVRD/HNDTC DMGDS/LDMGD/AA DMGDS/LDMGD/EE FWDCF HLDCP HLDCU HNDND ICPRC INFCL ITBAR LDTHU
    LDTMV MSRTD MVARR MVDPT OFWRD RELBL REPCK ROUCR RSDCP SECHK SRTED TRBCR ULFMV`,
  out_for_delivery: `LDTMV/MVMTV/PO LDTMV/PCKST/PO LDTMV/SECDA/PO LDTMV/SERPT/PO LDTMV/SERPT/ZF SRTED/NRQRD/PO`,
  awaiting_pickup: 'CNRFC HLDCC HNDDE',
  returning: 'RETRN EXPHD/RTTSP OFWRD/RTSCR OFWRD/RTSSA',
  // What was disposed of never arrives anywhere; no other state says so.
  lost: 'EXPHD/LOSTX RCCLS/LOSTX DSPSD',
  delivered: 'DLVRD MVARR/NRQRD/ZU',
  returned: '',
  // Notices, money, and what says nothing of the place. CUSTM is a handover to customs who deliver later.
  none: `ADVIS ALERT CANCL CHECK CNFSC DLVRD/CODAR DLVRD/CODRP/GT DLVRD/CUSTM DLVRF DMGDS DTNPC EXPHD
    HLDCC/NTCCN HNDDE/SERPT/PO LDEXC LDTMV/SECDA/ZN MVDEX MVTEX NTADT NTDEL NTPUP OFWRD/RDRCR/AN PBNDT
    PMTCR PMTCS PURCR RCCLS STORN`,
}

/**
 * What went wrong. A bare `ICE` is an event that always means trouble; `/RIC` tells which, for those events
 * only; `ICE/RIC` counts before both.
 */
const codesByIncident: Record<TrackingIncident | 'none', string> = {
  address_problem: 'ALERT/BDADD PURCR/BDADD /BDADD /CPUNK /MOVED /WRGRI /WRGPN',
  recipient_absent: '/CLOSD /CNCNR /NHOME /NTCCN OFWRD/CNCNR HLDCC/NTCCN LDTMV/SECDA',
  refused: 'DLVRF /RFUSD /NTORD /CSREQ',
  customs_hold: 'HLDCP HLDCU HNDND DLVRD/CUSTM /CLREF /INSPF EXPHD/INSPT EXPHD/MSDOC EXPHD/PWMFD',
  payment_due: '/TRPMT',
  damaged: 'DMGDS DLVRD/ACCDM REPCK/DMGPC REPCK/LDMGD /DMGED /DMGPC /DMPHD',
  lost: 'EXPHD/LOSTX RCCLS/LOSTX',
  delayed: `DTNPC LDEXC MSRTD MVDEX MVTEX NTADT INFCL/HLDAY INFCL/HNDCA /CAPEX /CROAT /CRROT /DRCRU /EQUBF
    /FRMJR /HLDAY /SECDA /STPRB /TCHBD /WRGTR`,
  weather: '',
  security_hold: 'CNFSC /FSCCH',
  other: `CANCL CHECK DSPSD EXPHD NTDEL NTPUP PBNDT RETRN DLVRD/ACCSI INFCL/INCSH ADVIS/STBSD PURCR/OTHER
    RCCLS/GHSTP`,
  none: 'NTPUP/NTHNG RETRN/RTSCR RETRN/RTSSA EXPHD/RTTSP',
}

const byCode = <Word extends string>(table: Record<Word, string>): ReadonlyMap<string, Word> =>
  new Map(
    (Object.entries(table) as [Word, string][]).flatMap(([word, codes]) =>
      codes
        .split(/\s+/)
        .filter(Boolean)
        .map((code) => [code, word] as const),
    ),
  )
const states = byCode(codesByState)
const incidents = byCode(codesByIncident)

/** The word for the codes, `none` where they say nothing, undefined where DHL's list has no such event. */
export const stateWord = (ice: string, ric: string, standard: string) =>
  states.get(`${ice}/${ric}/${standard}`) ?? states.get(`${ice}/${ric}`) ?? states.get(ice)

/** A parcel on its way back is told by the same events, with a flag. */
const backwards: Partial<Record<TrackingState, TrackingState>> = {
  collected: 'returning',
  in_transit: 'returning',
  out_for_delivery: 'returning',
  delivered: 'returned',
}

export function stateOf(ice: string, ric: string, standard: string, isReturn: boolean): TrackingState | null {
  const word = stateWord(ice, ric, standard)
  if (word === undefined || word === 'none') return null
  return (isReturn && backwards[word]) || word
}

export function incidentOf(ice: string, ric: string): TrackingIncident | null {
  const always = incidents.get(ice)
  const word = incidents.get(`${ice}/${ric}`) ?? (always && incidents.get(`/${ric}`)) ?? always
  return word === undefined || word === 'none' ? null : word
}
