// What can be set of the detector.
import { z } from 'zod';

/** What a user sets of the detector. There is no threshold: the budget is the only knob that is needed. */
export const detectorSettingsSchema = z.object({
  /** Days in which one stage may raise one false alarm. */
  budgetDays: z.number().positive().max(3650).default(90),
  /** Rise of the mean friction, in [0, 1], that nobody wants to hear about (δ0). */
  ignoreBelow: z.number().min(0).max(0.5).default(0),
  /** For budgets beyond 90 days or shared by a tenant: takes the larger dispersion and ignores rises below .005. */
  strict: z.boolean().default(false),
  /** Days in which one open episode may be closed by chance although half of its step persists. */
  closeBudgetDays: z.number().positive().max(3650).default(60),
});

export type DetectorSettings = z.infer<typeof detectorSettingsSchema>;

export const defaultSettings: DetectorSettings = detectorSettingsSchema.parse({});
