import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateReader, isDateFormat } from './dates.ts';

describe('a date', () => {
  it.each([
    ['YYYY-MM-DD', '2014-03-09', 'UTC', '2014-03-09T00:00:00.000Z'],
    ['DD/MM/YYYY', '09/03/2014', 'UTC', '2014-03-09T00:00:00.000Z'],
    ['DD/MM/YYYY', '9/03/2014', 'UTC', '2014-03-09T00:00:00.000Z'],
    ['MM/DD/YYYY', '03/09/2014', 'UTC', '2014-03-09T00:00:00.000Z'],
    ['DD.MM.YYYY HH:mm', '09.03.2014 17:05', 'Europe/Berlin', '2014-03-09T16:05:00.000Z'],
    ['D MMM YYYY', '9 March 2014', 'UTC', '2014-03-09T00:00:00.000Z'],
    ['M/D/YY h:mm A', '3/9/14 12:05 am', 'UTC', '2014-03-09T00:05:00.000Z'],
    ['M/D/YY h:mm A', '3/9/99 12:05 PM', 'UTC', '1999-03-09T12:05:00.000Z'],
    ['YYYYMMDDHHmmss', '20140309170501', 'UTC', '2014-03-09T17:05:01.000Z'],
    ['YYYY-MM-DDTHH:mm:ss.SSSZ', '2014-03-09T17:05:01.25+0530', 'UTC', '2014-03-09T11:35:01.250Z'],
    ['ddd, MMM D, YYYY', 'Sunday, March 9, 2014', 'UTC', '2014-03-09T00:00:00.000Z'],
    ['ddd, D MMM YYYY HH:mm:ss Z', 'Sun, 09 Mar 2014 17:05:01 GMT', 'Asia/Kolkata', '2014-03-09T17:05:01.000Z'],
    ['YYYY/MM/DD hh:mm:ss A Z', '2014/03/09 5:05:01 PM GMT+1', 'UTC', '2014-03-09T16:05:01.000Z'],
    ['YYYY/MM/DD hh:mm:ss A Z', '2014/03/09 5:05:01 pm GMT-3:30', 'UTC', '2014-03-09T20:35:01.000Z'],
    ['ddd MMM D HH:mm:ss Z YYYY', 'Sun Mar 09 17:05:01 +0000 2014', 'UTC', '2014-03-09T17:05:01.000Z'],
    ['unix', '1394384701', 'UTC', '2014-03-09T17:05:01.000Z'],
    ['unix-ms', '1394384701250', 'UTC', '2014-03-09T17:05:01.250Z'],
    [undefined, '2014-03-09', 'UTC', '2014-03-09T00:00:00.000Z'],
    [undefined, '2014-03-09', 'Asia/Kolkata', '2014-03-08T18:30:00.000Z'],
    [undefined, '2014-03-09 17:05', '+02:00', '2014-03-09T15:05:00.000Z'],
    [undefined, '2014-03-09T17:05:01.123456-03:30', 'UTC', '2014-03-09T20:35:01.123Z'],
    [undefined, '2024-02-29 00:00:00 UTC', 'Europe/Paris', '2024-02-29T00:00:00.000Z'],
    // the clock goes from 01:00 to 02:00, and back from 02:00 to 01:00
    ['DD/MM/YYYY HH:mm', '27/03/2022 00:59', 'Europe/London', '2022-03-27T00:59:00.000Z'],
    ['DD/MM/YYYY HH:mm', '27/03/2022 01:30', 'Europe/London', '2022-03-27T01:30:00.000Z'],
    ['DD/MM/YYYY HH:mm', '27/03/2022 02:00', 'Europe/London', '2022-03-27T01:00:00.000Z'],
    ['DD/MM/YYYY HH:mm', '30/10/2022 01:30', 'Europe/London', '2022-10-30T00:30:00.000Z'],
    ['DD/MM/YYYY HH:mm', '30/10/2022 02:00', 'Europe/London', '2022-10-30T02:00:00.000Z'],
  ])('written as %s: %s in %s is %s', (format, text, zone, time) => {
    expect(dateReader(format, zone)(text)).toEqual({ time });
  });

  it.each([
    ['DD/MM/YYYY', '31/02/2014', 'that month has 28 days'],
    ['DD/MM/YYYY', '29/02/2100', 'that month has 28 days'],
    ['DD/MM/YYYY', '10/17/2021', 'has no month from 1 to 12'],
    ['DD/MM/YYYY', '2021-10-17', 'is not written as DD/MM/YYYY'],
    ['DD/MM/YYYY', '17/10/2021 10:00', 'is not written as DD/MM/YYYY'],
    ['DD/MM/YYYY', '17/10/0021', 'lies outside the years 1900 to 2200'],
    ['D MMM YYYY', '9 Mai 2014', 'has no month from 1 to 12'],
    ['DD/MM/YYYY HH:mm', '17/10/2021 24:00', 'there is no such time of day'],
    ['M/D/YY h:mm A', '3/9/14 13:05 am', 'there is no such time of day'],
    ['unix', 'yesterday', 'is no count of seconds'],
    ['unix', '1394384701250', 'lies outside the years 1900 to 2200'],
    [undefined, '2014-13-45', 'has no month from 1 to 12'],
    [undefined, '03/04/2014', 'may begin with the day or with the month'],
    [undefined, '25/04/2014', 'may begin with the day or with the month'],
    [undefined, '9 March 2014', 'is no date that can be read without its format'],
    [undefined, '1394384701', 'is no date that can be read without its format'],
  ])('written as %s: %s is refused', (format, text, fault) => {
    expect(dateReader(format, 'UTC')(text).fault).toContain(fault);
  });

  it.each(['MM/YYYY', 'DD/MM/YYYY DD', 'today', 'dd/mm/yyyy', '', 'DD/MM'])('has no format %j', (format) => {
    expect(isDateFormat(format)).toBe(false);
  });

  it('comes back as it was written, in every zone', () => {
    const zones = ['UTC', 'Europe/London', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', '-09:30'];
    const instant = fc.date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (date, zone) => {
        const reading = dateReader('DD/MM/YYYY HH:mm:ss', zone)(written(date, zone));
        if (reading.fault !== undefined) throw new Error(reading.fault);
        expect(written(new Date(reading.time), zone)).toBe(written(date, zone));
      }),
    );
  });
});

function written(date: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return parts.format(date).replace(',', '');
}
