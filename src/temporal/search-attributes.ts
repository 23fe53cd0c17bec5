/** The search attributes of a meeting's run. Values are readable in the Web UI: ids and codes only. No IO here. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The meeting's status. */
export const MEETING_STAGE = defineSearchAttributeKey('MeetingStage', SearchAttributeType.KEYWORD);
export const MEETING_ID = defineSearchAttributeKey('MeetingId', SearchAttributeType.KEYWORD);
/** User id of the meeting's owner. */
export const MEETING_OWNER = defineSearchAttributeKey('MeetingOwner', SearchAttributeType.KEYWORD);
/** Code of the failure that the meeting shows; absent when there is none. */
export const FAILURE_CODE = defineSearchAttributeKey('FailureCode', SearchAttributeType.KEYWORD);

export const SEARCH_ATTRIBUTES = [MEETING_STAGE, MEETING_ID, MEETING_OWNER, FAILURE_CODE];
