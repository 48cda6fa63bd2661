"""The sentence of every rule code, in the reader's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __

from tori.core.errors import NotAllowed, RuleBroken

SENTENCES = {
    "already_published": __("The deed has already been published."),
    "alt_missing": __("Tell what is in the picture for those who can't see it, or tick that it only decorates."),
    "address_taken": __("This address already has an account."),
    "already_adopted": __("Your organisation has already taken this model."),
    "bad_date": __("Write a year, a month or a day: 2026, 2026-11 or 2026-11-22."),
    "bad_credentials": __("The e-mail address or the password is wrong."),
    "bad_email_among": __("“%(given)s” is not an e-mail address."),
    "bad_email": __("Write the e-mail address in the form name@example.org."),
    "bad_link": __("The link no longer works. It may be old, or it has already been used. Ask for a new one."),
    "bad_day": __("Write the day in the form 22.11.2026."),
    "bad_euros": __("Write the euros as a whole number, for example 12000."),
    "bad_year": __("Choose this year or one of the next twenty."),
    "bad_number": __("Write a whole number, for example 100."),
    "mark_not_earned": __("This mark has not been earned yet."),
    "bad_merge": __("Choose another deed that is on the square."),
    "bad_moment": __("Choose a moment to come, at most a year ahead."),
    "bad_part": __("A deed can't be a part of itself, of its own part or of a part."),
    "bad_period": __("The end can't be before the start."),
    "bad_url": __("Write the whole address, beginning with https://."),
    "saved_meanwhile": __(
        "Somebody else saved this while you were writing. Your text is in the fields, nothing was lost. What is saved "
        "now is below: compare, and save again if yours should replace it."
    ),
    "comment_gone": __("The comment that you answer is no longer here. Your text is kept: send it as a comment."),
    "edit_window_over": __("A comment can be mended for half an hour. Write a new one."),
    "own_thanks": __("This is your own deed. Others thank you for it."),
    "own_question": __("This is your own deed. Others ask you about it."),
    "code_wrong": __("The code is wrong or has been used. Wait for the next one, or take one from your paper."),
    "comment_empty": __("Write something first."),
    "control_characters": __(
        "The text held characters that can't be shown, often brought by copying. They are gone now: check it and send."
    ),
    "domain_decides": __("Your e-mail address tells your organisation, so it can't be changed here."),
    "common_password": __("This password is too easy to guess. A sentence of your own works well."),
    "consent_missing": __(
        "Tick that nobody can be recognised in the picture, or that they have given their permission."
    ),
    "confirm_first": __("Confirm your e-mail address first: we have sent you a link."),
    "document_bomb": __("“%(name)s” grows far too large when it is opened, so it was not taken."),
    "document_broken": __(
        "“%(name)s” is broken or locked with a password. Open it yourself, save it anew and try again."
    ),
    "document_macros": __("“%(name)s” contains macros, which could do harm. Save it without macros and try again."),
    "document_old": __("“%(name)s” is of an old kind or locked. Save it as PDF, .docx, .pptx or .xlsx and try again."),
    "document_too_large": __("“%(name)s” is too large: a file can be at most %(limit)s megabytes."),
    "document_wrong_type": __(
        "“%(name)s” is not a file that we take: choose PDF, Word, PowerPoint, Excel or OpenDocument."
    ),
    "domain_not_known": __("We know no organisation by the address @%(domain)s. Choose yours from the list."),
    "invitation_of_another": __("This invitation was sent to another address. Sign in with that one."),
    "last_administrator": __("You are the only administrator. Name another one first."),
    "leave_yourself": __("Leave the organisation on your own pages, so that it does not happen by mistake."),
    "line_break": __("Write this on one line."),
    "membership_waits": __(
        "Your organisation's contact person or our staff must first confirm that you work there. "
        "You can write meanwhile."
    ),
    "no_addresses": __("Leave out addresses of pages and e-mail: plain words are enough."),
    "name_has_address": __("Write your name without web or e-mail addresses."),
    "name_mixes_letters": __("Write your name with the letters of one alphabet."),
    "file_empty": __("“%(name)s” is empty."),
    "place_missing": __("Tell the place, or the address where one takes part."),
    "meeting_over": __("The meeting is already over."),
    "material_without_name": __("Give each material a name or an address."),
    "figure_without_name": __("Tell what each figure measures."),
    "file_infected": __("The virus scanner found something in “%(name)s”, so it was not taken. Tell your IT support."),
    "scanner_away": __("“%(name)s” could not be checked for viruses just now, so it was not taken. Try again later."),
    "file_missing": __("Choose a file."),
    "file_not_utf8": __("The file is not UTF-8 text."),
    "file_too_large": __(
        "The file is too large: at most %(limit)s kilobytes. A larger one goes in from the command line."
    ),
    "future_day": __("The day has not come yet."),
    "no_organisation": __("Your account has no organisation yet. Add it to your details first."),
    "not_empty": __("This part has been told already. Read it on the page of the deed."),
    "not_given_up": __("The mail has not been given up: it was sent, or it is still being tried."),
    "not_found": __("There is no such page."),
    "not_in_review": __("The deed is not waiting for review any more."),
    "not_published": __("The deed has not been published."),
    "not_a_colleague": __("Choose a colleague of the same organisation, or somebody who writes the deed with you."),
    "not_the_owner": __("Only the deed's author or the organisation's contact person can do this."),
    "not_steward": __("Only the organisation's contact person can do this."),
    "nothing_to_answer": __("There is nothing to answer any more."),
    "not_your_press": __("A colleague of yours pressed this. They, or your contact person, can take it back."),
    "same_organisation": __("Choose two different organisations."),
    "not_your_comment": __("This comment is somebody else's."),
    "not_your_deed": __("This deed is somebody else's."),
    "only_drafts_are_deleted": __("Only a draft can be deleted. A published deed can be archived or withdrawn."),
    "organisation_without_maker": __("An organisation can be added when one of its people writes the deed with you."),
    "other_organisation": __("You can only act for your own organisation."),
    "bad_goal": __("A goal is at least 1 and at most 100,000. Leave the field empty when there is none."),
    "campaign_not_over": __("The campaign has not ended yet."),
    "campaign_not_running": __("The campaign is not running now."),
    "never_contact": __("This address has asked not to be invited. Tell them yourself, or challenge somebody else."),
    "own_nomination": __("This is your own address. Tell your deed yourself: it takes a few minutes."),
    "already_awarded": __("This prize has already been given to them."),
    "correction_note": __("The results are public. Tell everybody why the list changes."),
    "no_readers": __("There is nobody to write to."),
    "bad_weight": __("A weight is a whole number from 1 to %(limit)s."),
    "feature_consent": __("Tick that the makers have agreed to be presented."),
    "judges_own": __("This is your own deed or your own organisation’s: you can’t judge it."),
    "jury_not_open": __("The jury judges after the campaign has ended and before the results."),
    "marks_missing": __("Give a mark for each criterion, or tell of a conflict of interest."),
    "week_taken": __("This week already has its makers. Choose another week."),
    "unknown_account": __("No active account has this address."),
    "lead_asked": __("They have been asked already. Write to them yourself if you like."),
    "lead_no_address": __(
        "The square knows no contact person of this organisation. Add a lead with an e-mail address."
    ),
    "lead_closed": __("This lead is closed."),
    "no_awards": __("There are no awards to print yet."),
    "not_in_campaign": __("This deed does not belong to the campaign."),
    "results_not_public": __("Publish the results first."),
    "thanks_consent": __("Tick that they have agreed to be named, or leave the thanks empty."),
    "wrong_series": __("Deeds are awarded in the series of deeds, organisations in theirs."),
    "series_has_awards": __("Prizes of the series “%(name)s” have been given. Keep its name, or take them back first."),
    "vote_choice": __("Choose one of the deeds."),
    "vote_closed": __("Votes are not taken now."),
    "vote_is_open": __("The vote of the public has begun, so the shortlist stays as it is."),
    "campaign_over": __("The campaign has already ended."),
    "campaigns_overlap": __("“%(name)s” runs at the same time. Choose other days or another kind, or end it first."),
    "video_too_large": __("“%(name)s” is too large: a video can be at most %(limit)s megabytes."),
    "video_wrong_type": __("“%(name)s” is not a video that we can take. Send it as MP4 or WebM."),
    "video_broken": __(
        "“%(name)s” can't be read as a video: it may have been cut on its way. Save it again and send it."
    ),
    "video_codec": __("“%(name)s” is packed as %(codec)s, which some browsers can't play. Save it as MP4 with H.264."),
    "video_without_picture": __("“%(name)s” holds no moving picture."),
    "videos_not_taken": __("This site takes no videos. Link to yours instead."),
    "captions_missing": __("Choose the captions. Without them many would be left outside."),
    "captions_too_large": __("The captions are too large: at most %(limit)s kilobytes."),
    "captions_no_header": __(
        "The captions must begin with a line that says WEBVTT. Save them in the WebVTT format (.vtt)."
    ),
    "captions_none": __("The captions say nothing: there is no time with words under it."),
    "captions_not_utf8": __(
        "Line %(line)s of the captions holds characters that can't be read. Save the file as UTF-8."
    ),
    "captions_bad_time": __("Line %(line)s of the captions should tell a time in this way: 00:01.000 --> 00:04.500"),
    "captions_ends_early": __("On line %(line)s of the captions the end is not after the beginning."),
    "captions_order": __(
        "On line %(line)s the captions go back in time. Put them in the order in which they are said."
    ),
    "captions_no_text": __("Under the time on line %(line)s of the captions there are no words."),
    "captions_no_gap": __("Leave an empty line above line %(line)s of the captions."),
    "video_text_missing": __("Tell as text what the video tells, so that everybody gets it."),
    "bad_last_day": __("Choose a day from today on, at most a year ahead."),
    "call_closed": __("This call has ended."),
    "not_your_wish": __("This wish is somebody else's."),
    "own_call": __("This is your own call."),
    "unknown_deed": __("There is no such deed on the square. Copy the address of its page."),
    "nothing_chosen": __("Choose at least one theme or sector."),
    "own_author": __("You are the author: hand the deed over to a colleague first."),
    "own_invitation": __("This is your own deed already."),
    "own_account": __("You can't change your own account here. Ask another administrator."),
    "own_deed": __("This is your own organisation's deed. Others take the model from you."),
    "passkey_late": __("The page had been open too long. Try again."),
    "passkey_refused": __("The answer of the key could not be trusted. Try again, or sign in another way."),
    "password_not_chosen": __("This is not the password that was chosen when this address was registered."),
    "password_short": __("The password must have at least 12 characters."),
    "passwords_differ": __("The two passwords are not the same."),
    "password_wrong": __("The current password is wrong."),
    "picture_broken": __("“%(name)s” is broken and can't be opened as a picture."),
    "picture_busy": __("“%(name)s” had to wait too long, since many pictures were being sent. Try again in a moment."),
    "picture_heic": __("“%(name)s” is in the HEIC format, which few browsers show. Save it as JPEG and try again."),
    "picture_too_heavy": __("“%(name)s” is too laborious to open. Save it smaller or as JPEG and try again."),
    "picture_too_large": __("“%(name)s” is too large: a picture can be at most %(limit)s megabytes."),
    "picture_too_many_pixels": __(
        "“%(name)s” has too many pixels: a picture can have at most %(limit)s million. Save it smaller and try again."
    ),
    "picture_wrong_type": __("“%(name)s” is not a picture that we take: choose JPEG, PNG, WebP or GIF."),
    "reason_needed": __("Tell briefly why."),
    "reserved_name": __("This name is reserved. Write your own name."),
    "review_first": __("The editors look at your first deed before it is published."),
    "role_needed": __("You don't have the right to open this page."),
    "second_factor_demanded": __("Your role needs the second factor, so it can't be switched off."),
    "second_factor_is_off": __("Signing in with a code is not in use."),
    "second_factor_is_on": __("Signing in with a code is in use already."),
    "second_factor_needed": __("Your role needs signing in with a code. Take it into use first."),
    "sso_address": __(
        "%(provider)s did not tell an e-mail address that belongs to your organisation, so no account could be made."
    ),
    "sso_away": __("%(provider)s does not answer just now. Try again in a moment, or sign in with your password."),
    "sso_closed": __("Your account here has been closed. Write to us if you think that this is a mistake."),
    "sso_known_address": __(
        "Your e-mail address has an account here already. Sign in to it once as before, and connect %(provider)s to it "
        "under “Signing in and safety”."
    ),
    "sso_of_another": __("This account of %(provider)s is connected to another account here."),
    "sso_refused": __("The answer of %(provider)s could not be trusted, so nobody was signed in. Try again."),
    "sso_tenant": __("Your organisation has not been agreed with this service, so %(provider)s can't be used for it."),
    "same_email": __("This is already your address."),
    "sign_in_needed": __("Sign in first."),
    "text_too_long": __("The text is too long: at most %(limit)s characters."),
    "too_many_files": __("A deed can have at most %(limit)s files. Remove one first."),
    "too_many_pictures": __("A deed can have at most %(limit)s pictures. Remove one first."),
    "too_many_copies": __("You have %(limit)s unfinished texts already. Finish or discard one of them first."),
    "too_many_themes": __("Choose at most five themes."),
    "too_many_items": __("There can be at most %(limit)s of these."),
    "unit_missing": __("Tell the unit of “%(name)s”: per cent, days, customers…"),
    "unknown_choice": __("Choose one from the list."),
    "unknown_language": __("Choose Finnish, Swedish or English."),
    "unknown_maturity": __("Choose the stage from the list."),
    "unknown_organisation": __("Choose the organisation from the list."),
    "unknown_role": __("Choose the role from the list."),
    "unknown_sector": __("Choose the sector from the list."),
    "unknown_theme": __("Choose the themes from the list."),
    "waits_for_review": __("The deed is waiting for the editors."),
    "already_decided": __("This report has been decided already."),
    "blocked": __("The moderators have blocked your account for a time: you may read, but not write."),
    "cant_be_removed": __("An organisation can't be removed, but what is wrong can be changed."),
    "nothing_to_restore": __("There is nothing to put back."),
    "member_already": __("%(given)s belongs to the organisation already. Leave the address out."),
    "waits_already": __("%(given)s waits for your answer above. Leave the address out here."),
    "bad_domain": __("Write a domain of the organisation's own, for example kunta.fi."),
    "domain_taken": __("%(name)s has this domain already."),
    "organisation_exists": __("There is an organisation of this name already."),
    "name_not_repeated": __("Write the name of the duplicate exactly as it stands in the register."),
    "looks_like_advert": __(
        "This looks like an advertisement. Leave the links out as long as nobody has vouched for your account."
    ),
    "day_over": __("The last day can’t be in the past."),
    "same_tag": __("Choose two different ones of the same kind."),
    "tag_exists": __("There is one of this name already. Merge the two instead."),
    "tag_in_use": __("Deeds still have it. Merge it into another one instead."),
    "same_theme": __("Choose two different themes."),
    "theme_exists": __("There is a theme of this name already. Merge the two instead."),
    "transcript_missing": __("Write first what is said in the recording: not everybody hears or sees it."),
    "newsletter_sent": __("This newsletter has been sent already."),
    "newsletter_empty": __("Choose at least one deed, story or campaign for the newsletter."),
    "unknown_address": __("“%(address)s” is not a deed, a story, a campaign or a list that readers see."),
    "look_closed": __("This look has been closed."),
    "nothing_answered": __("Answer at least one of the questions."),
    "already_on_list": __("The deed is on the list already."),
    "list_empty": __("A published list needs at least one deed. Hide it from readers first, or add a deed."),
    "list_reason_missing": __("Tell why this deed is on the list."),
    "keeper_already": __("%(name)s keeps this list already."),
    "unknown_person": __("There is no open account with this address."),
    "value_missing": __("Fill in this field."),
    "scope_missing": __("Choose what the key is for."),
    "address_refused": __("Write an address of the open internet that begins with https://."),
    "nothing_chosen_to_tell": __("Choose at least one thing to be told of."),
    "too_many_webhooks": __("An organisation can have at most %(limit)s addresses. Remove one first."),
}


def sentence(error: RuleBroken | NotAllowed | str, **values: object) -> str:
    """Plain words for a rule code. An unknown code is a mistake of ours and raises KeyError."""
    if isinstance(error, RuleBroken):
        values = {**error.values, **values}
        code = error.code
    else:
        code = error.reason if isinstance(error, NotAllowed) else error
    text = str(SENTENCES[code])
    return text % values if values else text


def waiting_time(seconds: int) -> str:
    """How long to wait, in words."""
    if seconds < 90:
        return str(_("about a minute"))
    if seconds < 5400:
        return str(_("about %(minutes)s minutes", minutes=round(seconds / 60)))
    return str(_("about %(hours)s hours", hours=round(seconds / 3600)))
