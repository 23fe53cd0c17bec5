/** The sample meeting (Tuesday 2025-10-14) as `Speaker: words` lines. */
export const SAMPLE_LINES = [
  "Anna: Good morning everyone. This is the weekly planning meeting for the mobile release. Let's start with the launch date.",
  'Ben: The payment tests are still failing on two devices. I think we should move the launch from the third to the tenth of November.',
  'Carol: I agree. The tenth gives my team enough time to finish the help pages.',
  'Anna: Okay. We have decided to move the launch to the tenth of November. Ben, can you fix the payment tests by Friday?',
  'Ben: Yes. I will fix the payment tests by Friday, and I will send you a report on Monday morning.',
  'Carol: I will write the customer email and share the draft with everyone by next Wednesday.',
  'Anna: Thank you. What about the price? Do we keep the free trial at thirty days?',
  'Carol: We do not know yet. Marketing wants fourteen days, but nobody has checked the numbers.',
  'Ben: So that is still an open question. Who is going to ask the finance team?',
  'Anna: I will talk to the finance team tomorrow. We also agreed to drop support for the old tablet version.',
  'Carol: Right. One more thing. Should we invite the support team to the launch review?',
  "Anna: Let's leave that open until next week. Carol, please book a room for the review before the end of the month.",
  'Carol: Sure, I will book the room today.',
  'Anna: Great. Thank you all. Goodbye.',
];
