BEGIN TRANSACTION;
CREATE TABLE account_token (
	hash VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	purpose VARCHAR(20) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	data JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_account_token PRIMARY KEY (hash), 
	CONSTRAINT fk_account_token_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE "adoption" (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER, 
	closeness VARCHAR(20), 
	status VARCHAR(20), 
	note TEXT NOT NULL, 
	updated_at DATETIME NOT NULL, 
	created_at DATETIME NOT NULL, 
	outcome TEXT NOT NULL, 
	unit VARCHAR(300) NOT NULL, 
	may_contact BOOLEAN NOT NULL, 
	abandoned_reason VARCHAR(20), 
	author_told_at DATETIME, 
	asks_stopped_at DATETIME, 
	CONSTRAINT pk_adoption PRIMARY KEY (id), 
	CONSTRAINT fk_adoption_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT uq_adoption_deed_id_organisation_id UNIQUE (deed_id, organisation_id), 
	CONSTRAINT fk_adoption_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_adoption_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE SET NULL
);
CREATE TABLE adoption_member (
	id INTEGER NOT NULL, 
	adoption_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_adoption_member PRIMARY KEY (id), 
	CONSTRAINT fk_adoption_member_adoption_id_adoption FOREIGN KEY(adoption_id) REFERENCES adoption (id) ON DELETE CASCADE, 
	CONSTRAINT fk_adoption_member_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_adoption_member_adoption_id_user_id UNIQUE (adoption_id, user_id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0018');
CREATE TABLE attachment (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	file_name VARCHAR(300) NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	size INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	created_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_attachment PRIMARY KEY (id), 
	CONSTRAINT fk_attachment_created_by_id_user FOREIGN KEY(created_by_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_attachment_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_attachment_deed_id_digest UNIQUE (deed_id, digest), 
	CONSTRAINT uq_attachment_key UNIQUE ("key")
);
CREATE TABLE "audit_entry" (
	id INTEGER NOT NULL, 
	event VARCHAR(50) NOT NULL, 
	actor_id INTEGER, 
	source VARCHAR(60) NOT NULL, 
	data JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	position INTEGER, 
	seal VARCHAR(64), 
	CONSTRAINT pk_audit_entry PRIMARY KEY (id), 
	CONSTRAINT uq_audit_entry_position UNIQUE (position)
);
INSERT INTO "audit_entry" VALUES(1,'ContentSeeded',NULL,'cli','{"kind": "sectors", "count": 8}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(2,'ContentSeeded',NULL,'cli','{"kind": "themes", "count": 35}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(3,'ContentSeeded',NULL,'cli','{"kind": "regions", "count": 19}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(4,'ContentSeeded',NULL,'cli','{"kind": "municipalities", "count": 308}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(5,'FollowStarted',1,'cli','{"kind": "theme", "target_id": 29}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(6,'FollowStarted',1,'cli','{"kind": "theme", "target_id": 31}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(7,'FollowStarted',1,'cli','{"kind": "sector", "target_id": 7}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(8,'FollowStarted',2,'cli','{"kind": "theme", "target_id": 25}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(9,'FollowStarted',2,'cli','{"kind": "theme", "target_id": 28}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(10,'FollowStarted',2,'cli','{"kind": "sector", "target_id": 1}','2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(11,'WishPosted',1,'cli','{"wish_id": 1}','2026-11-13 12:32:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(12,'WishJoined',2,'cli','{"wish_id": 1}','2026-11-13 12:32:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(13,'WishPosted',1,'cli','{"wish_id": 2}','2026-11-20 11:36:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(14,'WishJoined',2,'cli','{"wish_id": 2}','2026-11-20 11:36:00.000000',NULL,NULL);
INSERT INTO "audit_entry" VALUES(15,'DeedImported',NULL,'cli','{"deed_id": 1}','2026-11-27 03:04:27.791983',NULL,NULL);
INSERT INTO "audit_entry" VALUES(16,'DeedImported',NULL,'cli','{"deed_id": 2}','2026-11-27 03:04:27.858323',NULL,NULL);
INSERT INTO "audit_entry" VALUES(17,'DeedImported',NULL,'cli','{"deed_id": 3}','2026-11-27 03:04:27.859470',NULL,NULL);
CREATE TABLE author_letter (
	user_id INTEGER NOT NULL, 
	rhythm VARCHAR(10) NOT NULL, 
	sent_at DATETIME, 
	CONSTRAINT pk_author_letter PRIMARY KEY (user_id), 
	CONSTRAINT fk_author_letter_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE award (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	series_id INTEGER NOT NULL, 
	deed_id INTEGER, 
	organisation_id INTEGER NOT NULL, 
	is_mention BOOLEAN NOT NULL, 
	citation TEXT NOT NULL, 
	thanks VARCHAR(300) NOT NULL, 
	"key" VARCHAR(20) NOT NULL, 
	mailed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_award PRIMARY KEY (id), 
	CONSTRAINT fk_award_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE, 
	CONSTRAINT fk_award_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id), 
	CONSTRAINT fk_award_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_award_series_id_award_series FOREIGN KEY(series_id) REFERENCES award_series (id), 
	CONSTRAINT uq_award_key UNIQUE ("key"), 
	CONSTRAINT uq_award_series_id_deed_id_organisation_id UNIQUE (series_id, deed_id, organisation_id)
);
CREATE TABLE award_correction (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_award_correction PRIMARY KEY (id), 
	CONSTRAINT fk_award_correction_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);
CREATE TABLE award_series (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	meaning VARCHAR(300) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	CONSTRAINT pk_award_series PRIMARY KEY (id), 
	CONSTRAINT fk_award_series_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE, 
	CONSTRAINT uq_award_series_campaign_id_name UNIQUE (campaign_id, name)
);
CREATE TABLE browser_session (
	hash VARCHAR(64) NOT NULL, 
	user_id INTEGER, 
	seen_at DATETIME NOT NULL, 
	data JSON NOT NULL, 
	user_agent VARCHAR(300) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_browser_session PRIMARY KEY (hash), 
	CONSTRAINT fk_browser_session_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE "campaign" (
	id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	subtitle VARCHAR(300) NOT NULL, 
	slogan VARCHAR(300) NOT NULL, 
	description TEXT NOT NULL, 
	texts JSON NOT NULL, 
	facts JSON NOT NULL, 
	hashtags JSON NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	goal_deeds INTEGER, 
	citation TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	is_public BOOLEAN NOT NULL, 
	goal_organisations INTEGER, 
	goal_regions INTEGER, 
	rules TEXT NOT NULL, 
	video_url VARCHAR(2000) NOT NULL, 
	video_text TEXT NOT NULL, 
	sectors JSON NOT NULL, 
	themes JSON NOT NULL, 
	partners JSON NOT NULL, 
	sources JSON NOT NULL, 
	questions JSON NOT NULL, 
	ended_at DATETIME, 
	ended_note TEXT NOT NULL, 
	successor_id INTEGER, 
	earlier_id INTEGER, 
	criteria JSON NOT NULL, 
	CONSTRAINT pk_campaign PRIMARY KEY (id), 
	CONSTRAINT fk_campaign_successor_id_campaign FOREIGN KEY(successor_id) REFERENCES campaign (id) ON DELETE SET NULL, 
	CONSTRAINT uq_campaign_slug UNIQUE (slug), 
	CONSTRAINT fk_campaign_earlier_id_campaign FOREIGN KEY(earlier_id) REFERENCES campaign (id) ON DELETE SET NULL
);
INSERT INTO "campaign" VALUES(1,'syksyn-teot-2026','challenge','Syksyn teot 2026','','','(Simuloitu teko.)','{}','{}','[]','2026-09-01','2026-10-31',60,'','2026-11-09 04:00:00.000000','planned',1,NULL,NULL,'','','','[]','[]','[]','[]','[]',NULL,'',NULL,NULL,'[]');
CREATE TABLE campaign_answer (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	question VARCHAR(20) NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_campaign_answer PRIMARY KEY (id), 
	CONSTRAINT fk_campaign_answer_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_campaign_answer_deed_id_question UNIQUE (deed_id, question)
);
CREATE TABLE campaign_visit (
	campaign_id INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	day DATE NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_campaign_visit PRIMARY KEY (campaign_id, source, day), 
	CONSTRAINT fk_campaign_visit_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);
CREATE TABLE "comment" (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	author_id INTEGER, 
	organisation_id INTEGER, 
	kind VARCHAR(20) NOT NULL, 
	body TEXT NOT NULL, 
	html TEXT NOT NULL, 
	removed_at DATETIME, 
	removed_reason VARCHAR(300) NOT NULL, 
	form_number VARCHAR(40), 
	created_at DATETIME NOT NULL, 
	parent_id INTEGER, 
	mentions JSON NOT NULL, 
	answered_at DATETIME, 
	edited_at DATETIME, 
	held_at DATETIME, 
	CONSTRAINT pk_comment PRIMARY KEY (id), 
	CONSTRAINT fk_comment_parent_id_comment FOREIGN KEY(parent_id) REFERENCES comment (id) ON DELETE CASCADE, 
	CONSTRAINT fk_comment_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_comment_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_comment_form_number UNIQUE (form_number), 
	CONSTRAINT fk_comment_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE TABLE comment_report (
	id INTEGER NOT NULL, 
	comment_id INTEGER NOT NULL, 
	reporter_id INTEGER, 
	reason VARCHAR(300) NOT NULL, 
	handled_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_comment_report PRIMARY KEY (id), 
	CONSTRAINT fk_comment_report_comment_id_comment FOREIGN KEY(comment_id) REFERENCES comment (id) ON DELETE CASCADE, 
	CONSTRAINT fk_comment_report_reporter_id_user FOREIGN KEY(reporter_id) REFERENCES user (id) ON DELETE SET NULL
);
CREATE TABLE "deed" (
	id INTEGER NOT NULL, 
	external_id VARCHAR(200), 
	status VARCHAR(20) NOT NULL, 
	version INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	summary TEXT NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	unit VARCHAR(300) NOT NULL, 
	author_id INTEGER, 
	sector_id INTEGER NOT NULL, 
	campaign_id INTEGER, 
	part_of_id INTEGER, 
	need TEXT NOT NULL, 
	goals TEXT NOT NULL, 
	implementation TEXT NOT NULL, 
	results TEXT NOT NULL, 
	body TEXT NOT NULL, 
	lessons TEXT NOT NULL, 
	applicability TEXT NOT NULL, 
	rendered JSON NOT NULL, 
	is_short BOOLEAN NOT NULL, 
	is_small BOOLEAN NOT NULL, 
	maturity VARCHAR(20), 
	period_start VARCHAR(10), 
	period_end VARCHAR(10), 
	participants TEXT NOT NULL, 
	partners JSON NOT NULL, 
	funder VARCHAR(300) NOT NULL, 
	funding_euros INTEGER, 
	icon VARCHAR(50), 
	source_url VARCHAR(2000), 
	citation TEXT NOT NULL, 
	licence VARCHAR(50) NOT NULL, 
	editor_note TEXT NOT NULL, 
	related JSON NOT NULL, 
	adoption_count INTEGER NOT NULL, 
	comment_count INTEGER NOT NULL, 
	published_at DATETIME, 
	updated_at DATETIME NOT NULL, 
	form_number VARCHAR(40), 
	created_at DATETIME NOT NULL, 
	parent_id INTEGER, 
	first_steps JSON NOT NULL, 
	limits_of_use TEXT NOT NULL, 
	obstacles TEXT NOT NULL, 
	did_not_work TEXT NOT NULL, 
	benefits_customer TEXT NOT NULL, 
	benefits_staff TEXT NOT NULL, 
	benefits_organisation TEXT NOT NULL, 
	effort VARCHAR(20), 
	cost VARCHAR(20), 
	submitted_at DATETIME, 
	publish_at DATETIME, 
	checked_at DATETIME, 
	freshness_asked_at DATETIME, 
	merged_into_id INTEGER, 
	reuse_score INTEGER NOT NULL, breakthrough_at DATETIME, 
	CONSTRAINT pk_deed PRIMARY KEY (id), 
	CONSTRAINT fk_deed_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_deed_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_deed_part_of_id_deed FOREIGN KEY(part_of_id) REFERENCES deed (id) ON DELETE SET NULL, 
	CONSTRAINT ck_deed_comment_count CHECK (comment_count >= 0), 
	CONSTRAINT fk_deed_sector_id_sector FOREIGN KEY(sector_id) REFERENCES sector (id), 
	CONSTRAINT fk_deed_parent_id_deed FOREIGN KEY(parent_id) REFERENCES deed (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deed_merged_into_id_deed FOREIGN KEY(merged_into_id) REFERENCES deed (id) ON DELETE SET NULL, 
	CONSTRAINT uq_deed_form_number UNIQUE (form_number), 
	CONSTRAINT ck_deed_adoption_count CHECK (adoption_count >= 0), 
	CONSTRAINT fk_deed_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT uq_deed_external_id UNIQUE (external_id)
);
INSERT INTO "deed" VALUES(1,'teko-0','published',1,'Kokeilupaja koulun pihalla','kokeilupaja-koulun-pihalla','Koulun piha muuttui kokeilupajaksi.','fi',174,'Koulutoimi',NULL,1,NULL,NULL,'Pihalla ei ollut **tekemistä**.','- liikettä
- iloa','Pihalle tuotiin työkaluja.','Välitunnit ovat vilkkaampia.','','Aloita pienestä.','Sopii joka kouluun.','{"need": "<p>Pihalla ei ollut <strong>tekemist\u00e4</strong>.</p>", "goals": "<ul>\n<li>liikett\u00e4</li>\n<li>iloa</li>\n</ul>", "implementation": "<p>Pihalle tuotiin ty\u00f6kaluja.</p>", "results": "<p>V\u00e4litunnit ovat vilkkaampia.</p>", "lessons": "<p>Aloita pienest\u00e4.</p>", "applicability": "<p>Sopii joka kouluun.</p>", "limits_of_use": "<p>Ei sovi sis\u00e4tiloihin.</p>", "obstacles": "<p>Ty\u00f6kaluja katosi, kunnes ne merkittiin.</p>", "did_not_work": "<p>Saha oli liian <strong>iso</strong>.</p>", "benefits_customer": "<p>Lapset liikkuvat.</p>", "benefits_staff": "<p>Valvonta helpottui.</p>", "benefits_organisation": "<p>Piha on k\u00e4yt\u00f6ss\u00e4 iltaisin.</p>"}',0,1,'kaytossa','2025-08','2026','Koko koulu','["Vanhempainyhdistys"]','Opetushallitus',5000,NULL,'https://example.org/juttu','Kaupungin uutiskirje 2026.','CC BY 4.0','Tarkista luvut.','[]',0,0,'2026-03-28 22:00:00.000000','2026-03-28 22:00:00.000000',NULL,'2026-11-27 03:04:27.657126',NULL,'["Kysy oppilailta.", "Lainaa ty\u00f6kalut."]','Ei sovi sisätiloihin.','Työkaluja katosi, kunnes ne merkittiin.','Saha oli liian **iso**.','Lapset liikkuvat.','Valvonta helpottui.','Piha on käytössä iltaisin.','kuukausia','alle-10000',NULL,NULL,NULL,NULL,NULL,62,NULL);
INSERT INTO "deed" VALUES(2,'teko-1','published',1,'Kokeilupaja koulun pihalla','kokeilupaja-koulun-pihalla','Koulun piha muuttui kokeilupajaksi.','fi',174,'Koulutoimi',NULL,1,NULL,NULL,'Pihalla ei ollut **tekemistä**.','- liikettä
- iloa','Pihalle tuotiin työkaluja.','Välitunnit ovat vilkkaampia.','','Aloita pienestä.','Sopii joka kouluun.','{"need": "<p>Pihalla ei ollut <strong>tekemist\u00e4</strong>.</p>", "goals": "<ul>\n<li>liikett\u00e4</li>\n<li>iloa</li>\n</ul>", "implementation": "<p>Pihalle tuotiin ty\u00f6kaluja.</p>", "results": "<p>V\u00e4litunnit ovat vilkkaampia.</p>", "lessons": "<p>Aloita pienest\u00e4.</p>", "applicability": "<p>Sopii joka kouluun.</p>", "limits_of_use": "<p>Ei sovi sis\u00e4tiloihin.</p>", "obstacles": "<p>Ty\u00f6kaluja katosi, kunnes ne merkittiin.</p>", "did_not_work": "<p>Saha oli liian <strong>iso</strong>.</p>", "benefits_customer": "<p>Lapset liikkuvat.</p>", "benefits_staff": "<p>Valvonta helpottui.</p>", "benefits_organisation": "<p>Piha on k\u00e4yt\u00f6ss\u00e4 iltaisin.</p>"}',0,1,'kaytossa','2025-08','2026','Koko koulu','["Vanhempainyhdistys"]','Opetushallitus',5000,NULL,'https://example.org/juttu','Kaupungin uutiskirje 2026.','CC BY 4.0','Tarkista luvut.','[]',0,0,'2026-03-28 22:00:00.000000','2026-03-28 22:00:00.000000',NULL,'2026-11-27 03:04:27.657131',NULL,'["Kysy oppilailta.", "Lainaa ty\u00f6kalut."]','Ei sovi sisätiloihin.','Työkaluja katosi, kunnes ne merkittiin.','Saha oli liian **iso**.','Lapset liikkuvat.','Valvonta helpottui.','Piha on käytössä iltaisin.','kuukausia','alle-10000',NULL,NULL,NULL,NULL,NULL,62,NULL);
INSERT INTO "deed" VALUES(3,'teko-2','published',1,'Kokeilupaja koulun pihalla','kokeilupaja-koulun-pihalla','Koulun piha muuttui kokeilupajaksi.','fi',174,'Koulutoimi',NULL,1,NULL,NULL,'Pihalla ei ollut **tekemistä**.','- liikettä
- iloa','Pihalle tuotiin työkaluja.','Välitunnit ovat vilkkaampia.','','Aloita pienestä.','Sopii joka kouluun.','{"need": "<p>Pihalla ei ollut <strong>tekemist\u00e4</strong>.</p>", "goals": "<ul>\n<li>liikett\u00e4</li>\n<li>iloa</li>\n</ul>", "implementation": "<p>Pihalle tuotiin ty\u00f6kaluja.</p>", "results": "<p>V\u00e4litunnit ovat vilkkaampia.</p>", "lessons": "<p>Aloita pienest\u00e4.</p>", "applicability": "<p>Sopii joka kouluun.</p>", "limits_of_use": "<p>Ei sovi sis\u00e4tiloihin.</p>", "obstacles": "<p>Ty\u00f6kaluja katosi, kunnes ne merkittiin.</p>", "did_not_work": "<p>Saha oli liian <strong>iso</strong>.</p>", "benefits_customer": "<p>Lapset liikkuvat.</p>", "benefits_staff": "<p>Valvonta helpottui.</p>", "benefits_organisation": "<p>Piha on k\u00e4yt\u00f6ss\u00e4 iltaisin.</p>"}',0,1,'kaytossa','2025-08','2026','Koko koulu','["Vanhempainyhdistys"]','Opetushallitus',5000,NULL,'https://example.org/juttu','Kaupungin uutiskirje 2026.','CC BY 4.0','Tarkista luvut.','[]',0,0,'2026-03-28 22:00:00.000000','2026-03-28 22:00:00.000000',NULL,'2026-11-27 03:04:27.657134',NULL,'["Kysy oppilailta.", "Lainaa ty\u00f6kalut."]','Ei sovi sisätiloihin.','Työkaluja katosi, kunnes ne merkittiin.','Saha oli liian **iso**.','Lapset liikkuvat.','Valvonta helpottui.','Piha on käytössä iltaisin.','kuukausia','alle-10000',NULL,NULL,NULL,NULL,NULL,62,NULL);
CREATE TABLE deed_co_author (
	deed_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	CONSTRAINT pk_deed_co_author PRIMARY KEY (deed_id, user_id), 
	CONSTRAINT fk_deed_co_author_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deed_co_author_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE deed_co_organisation (
	deed_id INTEGER NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	CONSTRAINT pk_deed_co_organisation PRIMARY KEY (deed_id, organisation_id), 
	CONSTRAINT fk_deed_co_organisation_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deed_co_organisation_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE TABLE deed_link (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	created_by_id INTEGER, 
	expires_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_deed_link PRIMARY KEY (id), 
	CONSTRAINT fk_deed_link_created_by_id_user FOREIGN KEY(created_by_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deed_link_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE
);
CREATE TABLE deed_revision (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	editor_id INTEGER, 
	content JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_deed_revision PRIMARY KEY (id), 
	CONSTRAINT fk_deed_revision_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deed_revision_editor_id_user FOREIGN KEY(editor_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT uq_deed_revision_deed_id_version UNIQUE (deed_id, version)
);
INSERT INTO "deed_revision" VALUES(1,1,1,NULL,'{"external_id": "teko-0", "title": "Kokeilupaja koulun pihalla", "summary": "Koulun piha muuttui kokeilupajaksi.", "organisation": "Nokian kaupunki", "organisation_type": "kunta", "unit": "Koulutoimi", "municipality": "Nokia", "region": "Pirkanmaa", "sector": "opetus-ja-kasvatus", "themes": ["kokeilukulttuuri", "tyon-ilo"], "need": "Pihalla ei ollut **tekemist\u00e4**.", "goals": "- liikett\u00e4\n- iloa", "implementation": "Pihalle tuotiin ty\u00f6kaluja.", "results": "V\u00e4litunnit ovat vilkkaampia.", "lessons": "Aloita pienest\u00e4.", "applicability": "Sopii joka kouluun.", "limits_of_use": "Ei sovi sis\u00e4tiloihin.", "obstacles": "Ty\u00f6kaluja katosi, kunnes ne merkittiin.", "did_not_work": "Saha oli liian **iso**.", "benefits_customer": "Lapset liikkuvat.", "benefits_staff": "Valvonta helpottui.", "benefits_organisation": "Piha on k\u00e4yt\u00f6ss\u00e4 iltaisin.", "first_steps": ["Kysy oppilailta.", "Lainaa ty\u00f6kalut."], "published_on": "2026-03-29", "language": "fi", "period": {"start": "2025-08", "end": "2026"}, "maturity": "kaytossa", "effort": "kuukausia", "cost": "alle-10000", "indicators": [{"name": "pajat", "unit": "kpl", "baseline": "0", "target": "10", "actual": "noin 12", "basis": "estimate"}], "participants": "Koko koulu", "partners": ["Vanhempainyhdistys"], "funding": {"funder": "Opetushallitus", "euros": 5000}, "materials": [{"title": "Ohje", "url": "https://example.org/ohje"}, {"title": "Esite"}], "is_small": true, "source_url": "https://example.org/juttu", "citation": "Kaupungin uutiskirje 2026.", "editor_note": "Tarkista luvut.", "licence": "CC BY 4.0"}','2026-11-27 03:04:27.789826');
INSERT INTO "deed_revision" VALUES(2,2,1,NULL,'{"external_id": "teko-1", "title": "Kokeilupaja koulun pihalla", "summary": "Koulun piha muuttui kokeilupajaksi.", "organisation": "Nokian kaupunki", "organisation_type": "kunta", "unit": "Koulutoimi", "municipality": "Nokia", "region": "Pirkanmaa", "sector": "opetus-ja-kasvatus", "themes": ["kokeilukulttuuri", "tyon-ilo"], "need": "Pihalla ei ollut **tekemist\u00e4**.", "goals": "- liikett\u00e4\n- iloa", "implementation": "Pihalle tuotiin ty\u00f6kaluja.", "results": "V\u00e4litunnit ovat vilkkaampia.", "lessons": "Aloita pienest\u00e4.", "applicability": "Sopii joka kouluun.", "limits_of_use": "Ei sovi sis\u00e4tiloihin.", "obstacles": "Ty\u00f6kaluja katosi, kunnes ne merkittiin.", "did_not_work": "Saha oli liian **iso**.", "benefits_customer": "Lapset liikkuvat.", "benefits_staff": "Valvonta helpottui.", "benefits_organisation": "Piha on k\u00e4yt\u00f6ss\u00e4 iltaisin.", "first_steps": ["Kysy oppilailta.", "Lainaa ty\u00f6kalut."], "published_on": "2026-03-29", "language": "fi", "period": {"start": "2025-08", "end": "2026"}, "maturity": "kaytossa", "effort": "kuukausia", "cost": "alle-10000", "indicators": [{"name": "pajat", "unit": "kpl", "baseline": "0", "target": "10", "actual": "noin 12", "basis": "estimate"}], "participants": "Koko koulu", "partners": ["Vanhempainyhdistys"], "funding": {"funder": "Opetushallitus", "euros": 5000}, "materials": [{"title": "Ohje", "url": "https://example.org/ohje"}, {"title": "Esite"}], "is_small": true, "source_url": "https://example.org/juttu", "citation": "Kaupungin uutiskirje 2026.", "editor_note": "Tarkista luvut.", "licence": "CC BY 4.0"}','2026-11-27 03:04:27.789833');
INSERT INTO "deed_revision" VALUES(3,3,1,NULL,'{"external_id": "teko-2", "title": "Kokeilupaja koulun pihalla", "summary": "Koulun piha muuttui kokeilupajaksi.", "organisation": "Nokian kaupunki", "organisation_type": "kunta", "unit": "Koulutoimi", "municipality": "Nokia", "region": "Pirkanmaa", "sector": "opetus-ja-kasvatus", "themes": ["kokeilukulttuuri", "tyon-ilo"], "need": "Pihalla ei ollut **tekemist\u00e4**.", "goals": "- liikett\u00e4\n- iloa", "implementation": "Pihalle tuotiin ty\u00f6kaluja.", "results": "V\u00e4litunnit ovat vilkkaampia.", "lessons": "Aloita pienest\u00e4.", "applicability": "Sopii joka kouluun.", "limits_of_use": "Ei sovi sis\u00e4tiloihin.", "obstacles": "Ty\u00f6kaluja katosi, kunnes ne merkittiin.", "did_not_work": "Saha oli liian **iso**.", "benefits_customer": "Lapset liikkuvat.", "benefits_staff": "Valvonta helpottui.", "benefits_organisation": "Piha on k\u00e4yt\u00f6ss\u00e4 iltaisin.", "first_steps": ["Kysy oppilailta.", "Lainaa ty\u00f6kalut."], "published_on": "2026-03-29", "language": "fi", "period": {"start": "2025-08", "end": "2026"}, "maturity": "kaytossa", "effort": "kuukausia", "cost": "alle-10000", "indicators": [{"name": "pajat", "unit": "kpl", "baseline": "0", "target": "10", "actual": "noin 12", "basis": "estimate"}], "participants": "Koko koulu", "partners": ["Vanhempainyhdistys"], "funding": {"funder": "Opetushallitus", "euros": 5000}, "materials": [{"title": "Ohje", "url": "https://example.org/ohje"}, {"title": "Esite"}], "is_small": true, "source_url": "https://example.org/juttu", "citation": "Kaupungin uutiskirje 2026.", "editor_note": "Tarkista luvut.", "licence": "CC BY 4.0"}','2026-11-27 03:04:27.789834');
CREATE TABLE deed_thanks (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_deed_thanks PRIMARY KEY (id), 
	CONSTRAINT fk_deed_thanks_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deed_thanks_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_deed_thanks_deed_id_user_id UNIQUE (deed_id, user_id)
);
CREATE TABLE deed_theme (
	deed_id INTEGER NOT NULL, 
	theme_id INTEGER NOT NULL, 
	CONSTRAINT pk_deed_theme PRIMARY KEY (deed_id, theme_id), 
	CONSTRAINT fk_deed_theme_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deed_theme_theme_id_theme FOREIGN KEY(theme_id) REFERENCES theme (id)
);
INSERT INTO "deed_theme" VALUES(1,11);
INSERT INTO "deed_theme" VALUES(1,30);
INSERT INTO "deed_theme" VALUES(3,11);
INSERT INTO "deed_theme" VALUES(3,30);
INSERT INTO "deed_theme" VALUES(2,11);
INSERT INTO "deed_theme" VALUES(2,30);
CREATE TABLE deed_update (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	author_id INTEGER, 
	happened_on DATE NOT NULL, 
	body TEXT NOT NULL, 
	html TEXT NOT NULL, 
	form_number VARCHAR(40), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_deed_update PRIMARY KEY (id), 
	CONSTRAINT fk_deed_update_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_deed_update_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_deed_update_form_number UNIQUE (form_number)
);
CREATE TABLE digest_issue (
	id INTEGER NOT NULL, 
	subscriber_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	until DATETIME NOT NULL, 
	news_ids JSON NOT NULL, 
	mail_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_digest_issue PRIMARY KEY (id), 
	CONSTRAINT fk_digest_issue_mail_id_outbox_mail FOREIGN KEY(mail_id) REFERENCES outbox_mail (id) ON DELETE SET NULL, 
	CONSTRAINT fk_digest_issue_subscriber_id_digest_subscriber FOREIGN KEY(subscriber_id) REFERENCES digest_subscriber (id) ON DELETE CASCADE, 
	CONSTRAINT uq_digest_issue_mail_id UNIQUE (mail_id)
);
CREATE TABLE digest_subscriber (
	id INTEGER NOT NULL, 
	user_id INTEGER, 
	email VARCHAR(254), 
	locale VARCHAR(2) NOT NULL, 
	"key" VARCHAR(43) NOT NULL, 
	rhythm VARCHAR(10) NOT NULL, 
	mails_answers BOOLEAN NOT NULL, 
	sector_ids JSON NOT NULL, 
	theme_ids JSON NOT NULL, 
	confirm_hash VARCHAR(64), 
	confirm_until DATETIME, 
	confirmed_at DATETIME, 
	told_until DATETIME NOT NULL, 
	bounced_at DATETIME, 
	left_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_digest_subscriber PRIMARY KEY (id), 
	CONSTRAINT fk_digest_subscriber_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_digest_subscriber_confirm_hash UNIQUE (confirm_hash), 
	CONSTRAINT uq_digest_subscriber_email UNIQUE (email), 
	CONSTRAINT uq_digest_subscriber_key UNIQUE ("key"), 
	CONSTRAINT uq_digest_subscriber_user_id UNIQUE (user_id)
);
INSERT INTO "digest_subscriber" VALUES(1,1,NULL,'fi','5ODwgwZI6FUeX5W_cWmODVVjIf9rpk4K4CWBijjWfss','weekly',1,'[]','[]',NULL,NULL,'2026-11-09 04:00:00.000000','2026-11-24 04:50:00.000000',NULL,NULL,'2026-11-09 04:00:00.000000');
INSERT INTO "digest_subscriber" VALUES(2,2,NULL,'sv','NwGQQgBF4iRlJmt9iFERrnwwzySAyvu2ZK8Wlu2I_7I','weekly',1,'[]','[]',NULL,NULL,'2026-11-09 04:00:00.000000','2026-11-24 04:50:00.000000',NULL,NULL,'2026-11-09 04:00:00.000000');
CREATE TABLE diploma_batch (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	locale VARCHAR(2) NOT NULL, 
	total INTEGER NOT NULL, 
	done INTEGER NOT NULL, 
	claimed_at DATETIME, 
	finished_at DATETIME, 
	error VARCHAR(300) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_diploma_batch PRIMARY KEY (id), 
	CONSTRAINT fk_diploma_batch_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);
CREATE TABLE editor_pick (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	editor_id INTEGER, 
	note VARCHAR(300) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_editor_pick PRIMARY KEY (id), 
	CONSTRAINT fk_editor_pick_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_editor_pick_editor_id_user FOREIGN KEY(editor_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT uq_editor_pick_deed_id UNIQUE (deed_id)
);
CREATE TABLE feedback (
	id INTEGER NOT NULL, 
	topic VARCHAR(20) NOT NULL, 
	body TEXT NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	page VARCHAR(300) NOT NULL, 
	handled_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (id)
);
CREATE TABLE follow (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	target_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_follow PRIMARY KEY (id), 
	CONSTRAINT fk_follow_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_follow_user_id_kind_target_id UNIQUE (user_id, kind, target_id)
);
INSERT INTO "follow" VALUES(1,1,'theme',29,'2026-11-09 04:00:00.000000');
INSERT INTO "follow" VALUES(2,1,'theme',31,'2026-11-09 04:00:00.000000');
INSERT INTO "follow" VALUES(3,1,'sector',7,'2026-11-09 04:00:00.000000');
INSERT INTO "follow" VALUES(4,2,'theme',25,'2026-11-09 04:00:00.000000');
INSERT INTO "follow" VALUES(5,2,'theme',28,'2026-11-09 04:00:00.000000');
INSERT INTO "follow" VALUES(6,2,'sector',1,'2026-11-09 04:00:00.000000');
CREATE TABLE follow_up (
	id INTEGER NOT NULL, 
	adoption_id INTEGER NOT NULL, 
	month INTEGER NOT NULL, 
	user_id INTEGER, 
	sent_at DATETIME NOT NULL, 
	answered_at DATETIME, 
	answers JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_follow_up PRIMARY KEY (id), 
	CONSTRAINT fk_follow_up_adoption_id_adoption FOREIGN KEY(adoption_id) REFERENCES adoption (id) ON DELETE CASCADE, 
	CONSTRAINT fk_follow_up_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT uq_follow_up_adoption_id_month UNIQUE (adoption_id, month)
);
CREATE TABLE guide_page (
	id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	shelf VARCHAR(20) NOT NULL, 
	position INTEGER NOT NULL, 
	titles JSON NOT NULL, 
	leads JSON NOT NULL, 
	bodies JSON NOT NULL, 
	deed_ids JSON NOT NULL, 
	version INTEGER NOT NULL, 
	changed_at DATETIME NOT NULL, 
	hidden_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_guide_page PRIMARY KEY (id), 
	CONSTRAINT uq_guide_page_slug UNIQUE (slug)
);
CREATE TABLE guide_page_version (
	id INTEGER NOT NULL, 
	page_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	editor_id INTEGER, 
	content JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_guide_page_version PRIMARY KEY (id), 
	CONSTRAINT fk_guide_page_version_editor_id_user FOREIGN KEY(editor_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_guide_page_version_page_id_guide_page FOREIGN KEY(page_id) REFERENCES guide_page (id) ON DELETE CASCADE, 
	CONSTRAINT uq_guide_page_version_page_id_number UNIQUE (page_id, number)
);
CREATE TABLE heartbeat (
	name VARCHAR(50) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_heartbeat PRIMARY KEY (name)
);
CREATE TABLE identity (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	provider VARCHAR(40) NOT NULL, 
	issuer VARCHAR(300) NOT NULL, 
	tenant VARCHAR(100) NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	used_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_identity PRIMARY KEY (id), 
	CONSTRAINT fk_identity_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_identity_issuer_tenant_subject UNIQUE (issuer, tenant, subject)
);
CREATE TABLE index_task (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	deed_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL
);
INSERT INTO "index_task" VALUES(1,1,'2026-11-27 03:04:27.792844');
INSERT INTO "index_task" VALUES(2,2,'2026-11-27 03:04:27.858563');
INSERT INTO "index_task" VALUES(3,3,'2026-11-27 03:04:27.859572');
CREATE TABLE "indicator" (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	unit VARCHAR(300) NOT NULL, 
	baseline VARCHAR(300) NOT NULL, 
	target VARCHAR(300) NOT NULL, 
	actual VARCHAR(300) NOT NULL, 
	basis VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_indicator PRIMARY KEY (id), 
	CONSTRAINT fk_indicator_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE
);
INSERT INTO "indicator" VALUES(1,1,1,'pajat','kpl','0','10','noin 12','estimate');
INSERT INTO "indicator" VALUES(2,2,1,'pajat','kpl','0','10','noin 12','estimate');
INSERT INTO "indicator" VALUES(3,3,1,'pajat','kpl','0','10','noin 12','estimate');
CREATE TABLE invitation (
	id INTEGER NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	invited_by_id INTEGER, 
	expires_on DATE NOT NULL, 
	used_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_invitation PRIMARY KEY (id), 
	CONSTRAINT fk_invitation_invited_by_id_user FOREIGN KEY(invited_by_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_invitation_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE, 
	CONSTRAINT uq_invitation_hash UNIQUE (hash)
);
CREATE TABLE job_run (
	name VARCHAR(50) NOT NULL, 
	period VARCHAR(40) NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	error TEXT NOT NULL, 
	CONSTRAINT pk_job_run PRIMARY KEY (name, period)
);
CREATE TABLE jury_member (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_jury_member PRIMARY KEY (id), 
	CONSTRAINT fk_jury_member_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE, 
	CONSTRAINT fk_jury_member_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_jury_member_campaign_id_user_id UNIQUE (campaign_id, user_id)
);
CREATE TABLE jury_score (
	id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	marks JSON NOT NULL, 
	note TEXT NOT NULL, 
	has_conflict BOOLEAN NOT NULL, 
	scored_at DATETIME NOT NULL, 
	CONSTRAINT pk_jury_score PRIMARY KEY (id), 
	CONSTRAINT fk_jury_score_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_jury_score_member_id_jury_member FOREIGN KEY(member_id) REFERENCES jury_member (id) ON DELETE CASCADE, 
	CONSTRAINT uq_jury_score_member_id_deed_id UNIQUE (member_id, deed_id)
);
CREATE TABLE lead (
	id INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	organisation VARCHAR(300) NOT NULL, 
	source_url VARCHAR(2000) NOT NULL, 
	source VARCHAR(300) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	asker_id INTEGER, 
	state VARCHAR(20) NOT NULL, 
	remind_on DATE, 
	asked_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_lead PRIMARY KEY (id), 
	CONSTRAINT fk_lead_asker_id_user FOREIGN KEY(asker_id) REFERENCES user (id) ON DELETE SET NULL
);
CREATE TABLE mail_bounce (
	id INTEGER NOT NULL, 
	address VARCHAR(254) NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	message_id VARCHAR(200) NOT NULL, 
	is_permanent BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_mail_bounce PRIMARY KEY (id)
);
CREATE TABLE material (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	url VARCHAR(2000) NOT NULL, 
	CONSTRAINT pk_material PRIMARY KEY (id), 
	CONSTRAINT fk_material_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE
);
INSERT INTO "material" VALUES(1,1,1,'Ohje','https://example.org/ohje');
INSERT INTO "material" VALUES(2,1,2,'Esite','');
INSERT INTO "material" VALUES(3,2,1,'Ohje','https://example.org/ohje');
INSERT INTO "material" VALUES(4,2,2,'Esite','');
INSERT INTO "material" VALUES(5,3,1,'Ohje','https://example.org/ohje');
INSERT INTO "material" VALUES(6,3,2,'Esite','');
CREATE TABLE membership (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	unit VARCHAR(300) NOT NULL, 
	is_steward BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, steward_until DATE, waits_since DATETIME, 
	CONSTRAINT pk_membership PRIMARY KEY (id), 
	CONSTRAINT fk_membership_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_membership_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_membership_user_id_organisation_id UNIQUE (user_id, organisation_id)
);
INSERT INTO "membership" VALUES(1,1,68,'',1,'2026-11-09 04:00:00.000000',NULL,NULL);
INSERT INTO "membership" VALUES(2,2,301,'',1,'2026-11-09 04:00:00.000000',NULL,NULL);
CREATE TABLE moderation_entry (
	id INTEGER NOT NULL, 
	action VARCHAR(30) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	target_id INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	reason TEXT NOT NULL, 
	actor_id INTEGER, 
	report_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_moderation_entry PRIMARY KEY (id)
);
CREATE TABLE moved_address (
	kind VARCHAR(20) NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	target_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_moved_address PRIMARY KEY (kind, slug)
);
CREATE TABLE municipality (
	id INTEGER NOT NULL, 
	code VARCHAR(3) NOT NULL, 
	region_id INTEGER NOT NULL, 
	language_status VARCHAR(10) NOT NULL, 
	urban_rural VARCHAR(20) NOT NULL, 
	population INTEGER NOT NULL, 
	latitude DOUBLE NOT NULL, 
	longitude DOUBLE NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	name_sv VARCHAR(300), 
	name_en VARCHAR(300), 
	CONSTRAINT pk_municipality PRIMARY KEY (id), 
	CONSTRAINT fk_municipality_region_id_region FOREIGN KEY(region_id) REFERENCES region (id), 
	CONSTRAINT uq_municipality_code UNIQUE (code)
);
INSERT INTO "municipality" VALUES(1,'005',13,'fi','semi-urban',9183,62.99956,23.82298,'Alajärvi','Alajärvi',NULL);
INSERT INTO "municipality" VALUES(2,'009',16,'fi','rural',2447,64.16436,24.30839,'Alavieska','Alavieska',NULL);
INSERT INTO "municipality" VALUES(3,'010',13,'fi','rural',11102,62.5862,23.6162,'Alavus','Alavo',NULL);
INSERT INTO "municipality" VALUES(4,'016',6,'fi','semi-urban',8014,61.17248,25.54968,'Asikkala','Asikkala',NULL);
INSERT INTO "municipality" VALUES(5,'018',1,'fi','rural',4763,60.53014,25.59863,'Askola','Askola',NULL);
INSERT INTO "municipality" VALUES(6,'019',2,'fi','rural',3965,60.64785,22.58616,'Aura','Aura',NULL);
INSERT INTO "municipality" VALUES(7,'020',5,'fi','semi-urban',16473,61.16702,23.86511,'Akaa','Ackas',NULL);
INSERT INTO "municipality" VALUES(8,'035',19,'sv','rural',450,60.46486,21.0659,'Brändö','Brändö',NULL);
INSERT INTO "municipality" VALUES(9,'043',19,'sv','rural',939,60.2121,19.62692,'Eckerö','Eckerö',NULL);
INSERT INTO "municipality" VALUES(10,'046',9,'fi','rural',1341,62.08796,28.91726,'Enonkoski','Enonkoski',NULL);
INSERT INTO "municipality" VALUES(11,'047',18,'fi','rural',1811,68.38521,23.64388,'Enontekiö','Enontekis',NULL);
INSERT INTO "municipality" VALUES(12,'049',1,'fi_sv','urban',305274,60.20631,24.6567,'Espoo','Esbo',NULL);
INSERT INTO "municipality" VALUES(13,'050',3,'fi','semi-urban',11276,61.13407,22.12765,'Eura','Eura',NULL);
INSERT INTO "municipality" VALUES(14,'051',3,'fi','rural',9211,61.20502,21.73847,'Eurajoki','Euraåminne',NULL);
INSERT INTO "municipality" VALUES(15,'052',13,'fi','rural',2346,63.36507,23.47578,'Evijärvi','Evijärvi',NULL);
INSERT INTO "municipality" VALUES(16,'060',19,'sv','rural',2588,60.25258,19.91049,'Finström','Finström',NULL);
INSERT INTO "municipality" VALUES(17,'061',4,'fi','urban',16459,60.81494,23.61627,'Forssa','Forssa',NULL);
INSERT INTO "municipality" VALUES(18,'062',19,'sv','rural',504,60.03036,20.3879,'Föglö','Föglö',NULL);
INSERT INTO "municipality" VALUES(19,'065',19,'sv','rural',507,60.37634,19.84777,'Geta','Geta',NULL);
INSERT INTO "municipality" VALUES(20,'069',16,'fi','semi-urban',6687,63.74845,25.31972,'Haapajärvi','Haapajärvi',NULL);
INSERT INTO "municipality" VALUES(21,'071',16,'fi','rural',6601,64.13609,25.36422,'Haapavesi','Haapavesi',NULL);
INSERT INTO "municipality" VALUES(22,'072',16,'fi','rural',960,65.01514,24.73407,'Hailuoto','Karlö',NULL);
INSERT INTO "municipality" VALUES(23,'074',15,'fi','rural',1052,63.4632,24.16938,'Halsua','Halso',NULL);
INSERT INTO "municipality" VALUES(24,'075',7,'fi','semi-urban',19549,60.56786,27.19039,'Hamina','Fredrikshamn',NULL);
INSERT INTO "municipality" VALUES(25,'076',19,'sv','rural',1628,60.2168,19.739,'Hammarland','Hammarland',NULL);
INSERT INTO "municipality" VALUES(26,'077',12,'fi','rural',4601,62.39033,26.43473,'Hankasalmi','Hankasalmi',NULL);
INSERT INTO "municipality" VALUES(27,'078',1,'fi_sv','urban',7832,59.82364,22.96898,'Hanko','Hangö',NULL);
INSERT INTO "municipality" VALUES(28,'079',3,'fi','urban',6753,61.31472,22.14099,'Harjavalta','Harjavalta',NULL);
INSERT INTO "municipality" VALUES(29,'081',6,'fi','rural',2574,61.57913,26.01514,'Hartola','Gustav Adolfs',NULL);
INSERT INTO "municipality" VALUES(30,'082',4,'fi','semi-urban',9359,61.06375,24.40532,'Hattula','Hattula',NULL);
INSERT INTO "municipality" VALUES(31,'086',4,'fi','rural',8031,60.78694,25.02834,'Hausjärvi','Hausjärvi',NULL);
INSERT INTO "municipality" VALUES(32,'090',11,'fi','rural',3061,62.42738,28.63206,'Heinävesi','Heinävesi',NULL);
INSERT INTO "municipality" VALUES(33,'091',1,'fi_sv','urban',664028,60.16825,24.95291,'Helsinki','Helsingfors',NULL);
INSERT INTO "municipality" VALUES(34,'092',1,'fi_sv','urban',242819,60.29372,25.04023,'Vantaa','Vanda',NULL);
INSERT INTO "municipality" VALUES(35,'097',9,'fi','rural',2091,61.6432,26.77391,'Hirvensalmi','Hirvensalmi',NULL);
INSERT INTO "municipality" VALUES(36,'098',6,'fi','semi-urban',22943,60.9886,25.51282,'Hollola','Hollola',NULL);
INSERT INTO "municipality" VALUES(37,'102',3,'fi','semi-urban',9745,61.17716,22.69976,'Huittinen','Vittis',NULL);
INSERT INTO "municipality" VALUES(38,'103',4,'fi','rural',2161,60.92398,23.36805,'Humppila','Humppila',NULL);
INSERT INTO "municipality" VALUES(39,'105',17,'fi','rural',2094,64.67502,28.49575,'Hyrynsalmi','Hyrynsalmi',NULL);
INSERT INTO "municipality" VALUES(40,'106',1,'fi','urban',46797,60.63124,24.86467,'Hyvinkää','Hyvinge',NULL);
INSERT INTO "municipality" VALUES(41,'108',5,'fi','semi-urban',10257,61.63698,23.19714,'Hämeenkyrö','Tavastkyro',NULL);
INSERT INTO "municipality" VALUES(42,'109',4,'fi','urban',68043,60.99653,24.46766,'Hämeenlinna','Tavastehus',NULL);
INSERT INTO "municipality" VALUES(43,'111',6,'fi','urban',18131,61.20507,26.0365,'Heinola','Heinola',NULL);
INSERT INTO "municipality" VALUES(44,'139',16,'fi','semi-urban',9853,65.32308,25.3615,'Ii','Ijo',NULL);
INSERT INTO "municipality" VALUES(45,'140',10,'fi','semi-urban',20801,63.56176,27.18931,'Iisalmi','Idensalmi',NULL);
INSERT INTO "municipality" VALUES(46,'142',6,'fi','rural',6504,60.88959,26.33848,'Iitti','Itis',NULL);
INSERT INTO "municipality" VALUES(47,'143',5,'fi','rural',6804,61.772,23.0538,'Ikaalinen','Ikalis',NULL);
INSERT INTO "municipality" VALUES(48,'145',13,'fi','semi-urban',12369,62.73288,22.56823,'Ilmajoki','Ilmola',NULL);
INSERT INTO "municipality" VALUES(49,'146',11,'fi','rural',4492,62.67132,30.92665,'Ilomantsi','Ilomants',NULL);
INSERT INTO "municipality" VALUES(50,'148',18,'fi','rural',7047,68.65746,27.54502,'Inari','Enare',NULL);
INSERT INTO "municipality" VALUES(51,'149',1,'sv_fi','rural',5384,60.04373,24.00442,'Inkoo','Ingå',NULL);
INSERT INTO "municipality" VALUES(52,'151',13,'fi','rural',1852,62.11436,21.95951,'Isojoki','Storå',NULL);
INSERT INTO "municipality" VALUES(53,'152',13,'fi','rural',4406,62.99967,22.32274,'Isokyrö','Storkyro',NULL);
INSERT INTO "municipality" VALUES(54,'153',8,'fi','urban',25208,61.19299,28.77833,'Imatra','Imatra',NULL);
INSERT INTO "municipality" VALUES(55,'165',4,'fi','semi-urban',16280,60.91988,24.64761,'Janakkala','Janakkala',NULL);
INSERT INTO "municipality" VALUES(56,'167',11,'fi','urban',77513,62.5998,29.7654,'Joensuu','Joensuu',NULL);
INSERT INTO "municipality" VALUES(57,'169',4,'fi','rural',4990,60.80517,23.48988,'Jokioinen','Jockis',NULL);
INSERT INTO "municipality" VALUES(58,'170',19,'sv','rural',5610,60.15245,19.94784,'Jomala','Jomala',NULL);
INSERT INTO "municipality" VALUES(59,'171',10,'fi','rural',4540,62.18026,27.82699,'Joroinen','Jorois',NULL);
INSERT INTO "municipality" VALUES(60,'172',12,'fi','rural',4171,61.74239,26.11169,'Joutsa','Joutsa',NULL);
INSERT INTO "municipality" VALUES(61,'176',11,'fi','rural',4352,63.23966,29.25504,'Juuka','Juga',NULL);
INSERT INTO "municipality" VALUES(62,'177',5,'fi','rural',1768,61.79684,24.3689,'Juupajoki','Juupajoki',NULL);
INSERT INTO "municipality" VALUES(63,'178',9,'fi','rural',5769,61.89796,27.85748,'Juva','Juva',NULL);
INSERT INTO "municipality" VALUES(64,'179',12,'fi','urban',145887,62.23941,25.74568,'Jyväskylä','Jyväskylä',NULL);
INSERT INTO "municipality" VALUES(65,'181',3,'fi','rural',1683,61.81945,22.69477,'Jämijärvi','Jämijärvi',NULL);
INSERT INTO "municipality" VALUES(66,'182',12,'fi','semi-urban',19347,61.86314,25.18148,'Jämsä','Jämsä',NULL);
INSERT INTO "municipality" VALUES(67,'186',1,'fi','urban',45630,60.47482,25.09479,'Järvenpää','Träskända',NULL);
INSERT INTO "municipality" VALUES(68,'202',2,'fi','urban',35848,60.40777,22.37082,'Kaarina','S:t Karins',NULL);
INSERT INTO "municipality" VALUES(69,'204',10,'fi','rural',2689,62.97454,28.48136,'Kaavi','Kaavi',NULL);
INSERT INTO "municipality" VALUES(70,'205',17,'fi','urban',36297,64.22376,27.73325,'Kajaani','Kajana',NULL);
INSERT INTO "municipality" VALUES(71,'208',16,'fi','semi-urban',12335,64.25666,23.94755,'Kalajoki','Kalajoki',NULL);
INSERT INTO "municipality" VALUES(72,'211',5,'fi','urban',32959,61.46439,24.07826,'Kangasala','Kangasala',NULL);
INSERT INTO "municipality" VALUES(73,'213',9,'fi','rural',5154,61.98993,26.64474,'Kangasniemi','Kangasniemi',NULL);
INSERT INTO "municipality" VALUES(74,'214',3,'fi','semi-urban',12528,61.80409,22.40138,'Kankaanpää','Kankaanpää',NULL);
INSERT INTO "municipality" VALUES(75,'216',12,'fi','rural',1269,62.97627,25.26338,'Kannonkoski','Kannonkoski',NULL);
INSERT INTO "municipality" VALUES(76,'217',15,'fi','rural',5352,63.89994,23.91501,'Kannus','Kannus',NULL);
INSERT INTO "municipality" VALUES(77,'218',13,'fi','rural',1200,62.30769,21.70712,'Karijoki','Bötom',NULL);
INSERT INTO "municipality" VALUES(78,'224',1,'fi','semi-urban',8603,60.53223,24.20304,'Karkkila','Högfors',NULL);
INSERT INTO "municipality" VALUES(79,'226',12,'fi','rural',3665,62.87913,24.80066,'Karstula','Karstula',NULL);
INSERT INTO "municipality" VALUES(80,'230',3,'fi','rural',2240,62.13732,22.56009,'Karvia','Karvia',NULL);
INSERT INTO "municipality" VALUES(81,'231',14,'fi_sv','urban',1256,62.38367,21.22167,'Kaskinen','Kaskö',NULL);
INSERT INTO "municipality" VALUES(82,'232',13,'fi','semi-urban',12750,62.42385,22.17446,'Kauhajoki','Kauhajoki',NULL);
INSERT INTO "municipality" VALUES(83,'233',13,'fi','semi-urban',15116,63.10164,23.06306,'Kauhava','Kauhava',NULL);
INSERT INTO "municipality" VALUES(84,'235',1,'fi_sv','urban',10284,60.20895,24.72895,'Kauniainen','Grankulla',NULL);
INSERT INTO "municipality" VALUES(85,'236',15,'fi','rural',4198,63.5494,23.69155,'Kaustinen','Kaustby',NULL);
INSERT INTO "municipality" VALUES(86,'239',10,'fi','rural',2029,63.17993,26.35281,'Keitele','Keitele',NULL);
INSERT INTO "municipality" VALUES(87,'240',18,'fi','urban',19499,65.73529,24.57052,'Kemi','Kemi',NULL);
INSERT INTO "municipality" VALUES(88,'241',18,'fi','semi-urban',7771,65.80056,24.54851,'Keminmaa','Keminmaa',NULL);
INSERT INTO "municipality" VALUES(89,'244',16,'fi','urban',19300,64.93967,25.44188,'Kempele','Kempele',NULL);
INSERT INTO "municipality" VALUES(90,'245',1,'fi','urban',37676,60.40363,25.10062,'Kerava','Kervo',NULL);
INSERT INTO "municipality" VALUES(91,'249',12,'fi','semi-urban',9250,62.26212,24.70858,'Keuruu','Keuru',NULL);
INSERT INTO "municipality" VALUES(92,'250',5,'fi','rural',1771,62.21012,23.17951,'Kihniö','Kihniö',NULL);
INSERT INTO "municipality" VALUES(93,'256',12,'fi','rural',1554,63.36753,24.96553,'Kinnula','Kinnula',NULL);
INSERT INTO "municipality" VALUES(94,'257',1,'fi_sv','urban',40722,60.12179,24.43965,'Kirkkonummi','Kyrkslätt',NULL);
INSERT INTO "municipality" VALUES(95,'260',11,'fi','rural',9727,62.09945,30.13624,'Kitee','Kides',NULL);
INSERT INTO "municipality" VALUES(96,'261',18,'fi','rural',6637,67.65286,24.9117,'Kittilä','Kittilä',NULL);
INSERT INTO "municipality" VALUES(97,'263',10,'fi','rural',7597,63.65146,26.62258,'Kiuruvesi','Kiuruvesi',NULL);
INSERT INTO "municipality" VALUES(98,'265',12,'fi','rural',1064,63.12049,25.07591,'Kivijärvi','Kivijärvi',NULL);
INSERT INTO "municipality" VALUES(99,'271',3,'fi','rural',6903,61.25861,22.3454,'Kokemäki','Kumo',NULL);
INSERT INTO "municipality" VALUES(100,'272',15,'fi_sv','urban',48006,63.84025,23.1339,'Kokkola','Karleby',NULL);
INSERT INTO "municipality" VALUES(101,'273',18,'fi','rural',3999,67.33169,23.79214,'Kolari','Kolari',NULL);
INSERT INTO "municipality" VALUES(102,'275',12,'fi','rural',2521,62.6277,26.28607,'Konnevesi','Konnevesi',NULL);
INSERT INTO "municipality" VALUES(103,'276',11,'fi','semi-urban',15157,62.76934,29.8473,'Kontiolahti','Kontiolax',NULL);
INSERT INTO "municipality" VALUES(104,'280',14,'sv_fi','rural',2024,62.78493,21.18746,'Korsnäs','Korsnäs',NULL);
INSERT INTO "municipality" VALUES(105,'284',2,'fi','rural',2227,60.65103,23.1346,'Koski Tl','Koskis',NULL);
INSERT INTO "municipality" VALUES(106,'285',7,'fi','urban',50617,60.46741,26.94706,'Kotka','Kotka',NULL);
INSERT INTO "municipality" VALUES(107,'286',7,'fi','urban',79429,60.87005,26.70145,'Kouvola','Kouvola',NULL);
INSERT INTO "municipality" VALUES(108,'287',14,'sv_fi','rural',6242,62.27387,21.37588,'Kristiinankaupunki','Kristinestad',NULL);
INSERT INTO "municipality" VALUES(109,'288',14,'sv_fi','rural',6405,63.73026,23.03677,'Kruunupyy','Kronoby',NULL);
INSERT INTO "municipality" VALUES(110,'290',17,'fi','semi-urban',7755,64.12873,29.51936,'Kuhmo','Kuhmo',NULL);
INSERT INTO "municipality" VALUES(111,'291',5,'fi','rural',2119,61.56243,25.1786,'Kuhmoinen','Kuhmois',NULL);
INSERT INTO "municipality" VALUES(112,'295',19,'sv','rural',306,60.26449,20.78717,'Kumlinge','Kumlinge',NULL);
INSERT INTO "municipality" VALUES(113,'297',10,'fi','urban',122594,62.89345,27.67786,'Kuopio','Kuopio',NULL);
INSERT INTO "municipality" VALUES(114,'300',13,'fi','rural',3437,62.80665,23.50957,'Kuortane','Kuortane',NULL);
INSERT INTO "municipality" VALUES(115,'301',13,'fi','semi-urban',19890,62.61995,22.39342,'Kurikka','Kurikka',NULL);
INSERT INTO "municipality" VALUES(116,'304',2,'fi','rural',950,60.54581,21.36355,'Kustavi','Gustavs',NULL);
INSERT INTO "municipality" VALUES(117,'305',16,'fi','semi-urban',15146,65.96777,29.17304,'Kuusamo','Kuusamo',NULL);
INSERT INTO "municipality" VALUES(118,'309',11,'fi','semi-urban',6457,62.72476,29.01852,'Outokumpu','Outokumpu',NULL);
INSERT INTO "municipality" VALUES(119,'312',12,'fi','rural',1196,63.04325,24.56664,'Kyyjärvi','Kyyjärvi',NULL);
INSERT INTO "municipality" VALUES(120,'316',6,'fi','rural',4198,60.86834,25.27319,'Kärkölä','Kärkölä',NULL);
INSERT INTO "municipality" VALUES(121,'317',16,'fi','rural',2474,63.97841,25.75806,'Kärsämäki','Kärsämäki',NULL);
INSERT INTO "municipality" VALUES(122,'318',19,'sv','rural',223,59.92015,20.90945,'Kökar','Kökar',NULL);
INSERT INTO "municipality" VALUES(123,'320',18,'fi','rural',6996,66.71481,27.43249,'Kemijärvi','Kemijärvi',NULL);
INSERT INTO "municipality" VALUES(124,'322',2,'sv_fi','rural',6549,60.16524,22.72699,'Kemiönsaari','Kimitoön',NULL);
INSERT INTO "municipality" VALUES(125,'398',6,'fi','urban',120175,60.98014,25.65538,'Lahti','Lahtis',NULL);
INSERT INTO "municipality" VALUES(126,'399',14,'fi','semi-urban',7817,62.97808,22.00912,'Laihia','Laihela',NULL);
INSERT INTO "municipality" VALUES(127,'400',2,'fi','semi-urban',8366,60.97158,21.64071,'Laitila','Letala',NULL);
INSERT INTO "municipality" VALUES(128,'402',10,'fi','rural',9099,63.3657,27.39302,'Lapinlahti','Lapinlahti',NULL);
INSERT INTO "municipality" VALUES(129,'403',13,'fi','rural',2820,63.2173,23.62717,'Lappajärvi','Lappajärvi',NULL);
INSERT INTO "municipality" VALUES(130,'405',8,'fi','urban',72650,61.05707,28.19172,'Lappeenranta','Villmanstrand',NULL);
INSERT INTO "municipality" VALUES(131,'407',1,'fi_sv','rural',2518,60.62545,26.19904,'Lapinjärvi','Lappträsk',NULL);
INSERT INTO "municipality" VALUES(132,'408',13,'fi','semi-urban',14099,62.97009,23.00606,'Lapua','Lappo',NULL);
INSERT INTO "municipality" VALUES(133,'410',12,'fi','semi-urban',18775,62.41301,25.95892,'Laukaa','Laukas',NULL);
INSERT INTO "municipality" VALUES(134,'416',8,'fi','rural',2886,61.0617,27.80304,'Lemi','Lemi',NULL);
INSERT INTO "municipality" VALUES(135,'417',19,'sv','rural',2131,60.06601,20.06715,'Lemland','Lemland',NULL);
INSERT INTO "municipality" VALUES(136,'418',5,'fi','urban',24580,61.31394,23.753,'Lempäälä','Lempäälä',NULL);
INSERT INTO "municipality" VALUES(137,'420',10,'fi','rural',9177,62.4911,27.79118,'Leppävirta','Leppävirta',NULL);
INSERT INTO "municipality" VALUES(138,'421',15,'fi','rural',695,63.5251,24.66507,'Lestijärvi','Lestijärvi',NULL);
INSERT INTO "municipality" VALUES(139,'422',11,'fi','semi-urban',10372,63.31184,30.04088,'Lieksa','Lieksa',NULL);
INSERT INTO "municipality" VALUES(140,'423',2,'fi','semi-urban',20497,60.50746,22.45315,'Lieto','Lundo',NULL);
INSERT INTO "municipality" VALUES(141,'425',16,'fi','semi-urban',10258,64.80949,25.41282,'Liminka','Limingo',NULL);
INSERT INTO "municipality" VALUES(142,'426',11,'fi','rural',11962,62.53176,29.38747,'Liperi','Libelits',NULL);
INSERT INTO "municipality" VALUES(143,'430',2,'fi','semi-urban',15392,60.85232,23.05745,'Loimaa','Loimaa',NULL);
INSERT INTO "municipality" VALUES(144,'433',4,'fi','rural',7749,60.71946,24.44161,'Loppi','Loppi',NULL);
INSERT INTO "municipality" VALUES(145,'434',1,'fi_sv','semi-urban',14568,60.45739,26.22533,'Loviisa','Lovisa',NULL);
INSERT INTO "municipality" VALUES(146,'435',12,'fi','rural',692,61.79638,25.70816,'Luhanka','Luhanka',NULL);
INSERT INTO "municipality" VALUES(147,'436',16,'fi','rural',1988,64.83734,25.1879,'Lumijoki','Lumijoki',NULL);
INSERT INTO "municipality" VALUES(148,'438',19,'sv','rural',360,60.12356,20.26151,'Lumparland','Lumparland',NULL);
INSERT INTO "municipality" VALUES(149,'440',14,'sv_fi','rural',5732,63.75589,22.73644,'Luoto','Larsmo',NULL);
INSERT INTO "municipality" VALUES(150,'441',8,'fi','rural',4421,60.92196,27.56013,'Luumäki','Luumäki',NULL);
INSERT INTO "municipality" VALUES(151,'444',1,'fi_sv','urban',45811,60.25214,24.06478,'Lohja','Lojo',NULL);
INSERT INTO "municipality" VALUES(152,'445',2,'sv_fi','semi-urban',14991,60.30369,22.30066,'Parainen','Pargas',NULL);
INSERT INTO "municipality" VALUES(153,'475',14,'sv_fi','rural',5479,62.94683,21.5521,'Maalahti','Malax',NULL);
INSERT INTO "municipality" VALUES(154,'478',19,'sv','urban',11757,60.096,19.94364,'Maarianhamina','Mariehamn',NULL);
INSERT INTO "municipality" VALUES(155,'480',2,'fi','rural',1978,60.58496,22.89933,'Marttila','S:t Mårtens',NULL);
INSERT INTO "municipality" VALUES(156,'481',2,'fi','semi-urban',9642,60.57088,22.09784,'Masku','Masku',NULL);
INSERT INTO "municipality" VALUES(157,'483',16,'fi','rural',1067,64.29774,24.44184,'Merijärvi','Merijärvi',NULL);
INSERT INTO "municipality" VALUES(158,'484',3,'fi','rural',2967,61.8607,21.50808,'Merikarvia','Sastmola',NULL);
INSERT INTO "municipality" VALUES(159,'489',7,'fi','rural',1791,60.67032,27.70041,'Miehikkälä','Miehikkälä',NULL);
INSERT INTO "municipality" VALUES(160,'491',9,'fi','urban',51980,61.687,27.27235,'Mikkeli','S:t Michel',NULL);
INSERT INTO "municipality" VALUES(161,'494',16,'fi','semi-urban',8882,64.80655,25.99428,'Muhos','Muhos',NULL);
INSERT INTO "municipality" VALUES(162,'495',12,'fi','rural',1477,62.40919,24.79452,'Multia','Multia',NULL);
INSERT INTO "municipality" VALUES(163,'498',18,'fi','rural',2281,67.95974,23.67673,'Muonio','Muonio',NULL);
INSERT INTO "municipality" VALUES(164,'499',14,'sv_fi','semi-urban',19662,63.11089,21.67827,'Mustasaari','Korsholm',NULL);
INSERT INTO "municipality" VALUES(165,'500',12,'fi','semi-urban',10486,62.12882,25.67494,'Muurame','Muurame',NULL);
INSERT INTO "municipality" VALUES(166,'503',2,'fi','semi-urban',7539,60.67841,21.98614,'Mynämäki','Virmo',NULL);
INSERT INTO "municipality" VALUES(167,'504',1,'fi_sv','rural',1764,60.67004,25.85152,'Myrskylä','Mörskom',NULL);
INSERT INTO "municipality" VALUES(168,'505',1,'fi','semi-urban',20912,60.63765,25.32142,'Mäntsälä','Mäntsälä',NULL);
INSERT INTO "municipality" VALUES(169,'507',9,'fi','rural',7164,61.41858,26.87909,'Mäntyharju','Mäntyharju',NULL);
INSERT INTO "municipality" VALUES(170,'508',5,'fi','semi-urban',9360,62.03532,24.62502,'Mänttä-Vilppula','Mänttä-Vilppula',NULL);
INSERT INTO "municipality" VALUES(171,'529',2,'fi','urban',19850,60.46634,22.02501,'Naantali','Nådendal',NULL);
INSERT INTO "municipality" VALUES(172,'531',3,'fi','rural',5072,61.3679,22.00143,'Nakkila','Nakkila',NULL);
INSERT INTO "municipality" VALUES(173,'535',16,'fi','semi-urban',10409,63.93117,24.95895,'Nivala','Nivala',NULL);
INSERT INTO "municipality" VALUES(174,'536',5,'fi','urban',35346,61.47669,23.50541,'Nokia','Nokia',NULL);
INSERT INTO "municipality" VALUES(175,'538',2,'fi','rural',4644,60.60146,22.08805,'Nousiainen','Nousis',NULL);
INSERT INTO "municipality" VALUES(176,'541',11,'fi','semi-urban',9243,63.54439,29.13274,'Nurmes','Nurmes',NULL);
INSERT INTO "municipality" VALUES(177,'543',1,'fi','urban',44458,60.46393,24.807,'Nurmijärvi','Nurmijärvi',NULL);
INSERT INTO "municipality" VALUES(178,'545',14,'sv_fi','semi-urban',9584,62.47246,21.33522,'Närpiö','Närpes',NULL);
INSERT INTO "municipality" VALUES(179,'560',6,'fi','semi-urban',15735,60.80402,25.73429,'Orimattila','Orimattila',NULL);
INSERT INTO "municipality" VALUES(180,'561',2,'fi','rural',1317,60.84711,22.69073,'Oripää','Oripää',NULL);
INSERT INTO "municipality" VALUES(181,'562',5,'fi','semi-urban',8935,61.67634,24.35845,'Orivesi','Orivesi',NULL);
INSERT INTO "municipality" VALUES(182,'563',16,'fi','semi-urban',7025,64.26914,24.82846,'Oulainen','Oulainen',NULL);
INSERT INTO "municipality" VALUES(183,'564',16,'fi','urban',211848,65.01395,25.47185,'Oulu','Uleåborg',NULL);
INSERT INTO "municipality" VALUES(184,'576',6,'fi','rural',2750,61.35556,25.2763,'Padasjoki','Padasjoki',NULL);
INSERT INTO "municipality" VALUES(185,'577',2,'fi','semi-urban',11138,60.4557,22.69185,'Paimio','Pemar',NULL);
INSERT INTO "municipality" VALUES(186,'578',17,'fi','rural',3100,64.40971,27.83181,'Paltamo','Paltamo',NULL);
INSERT INTO "municipality" VALUES(187,'580',8,'fi','rural',4438,61.54961,29.49826,'Parikkala','Parikkala',NULL);
INSERT INTO "municipality" VALUES(188,'581',5,'fi','semi-urban',6240,62.00714,23.0233,'Parkano','Parkano',NULL);
INSERT INTO "municipality" VALUES(189,'583',18,'fi','rural',947,67.10843,27.51558,'Pelkosenniemi','Pelkosenniemi',NULL);
INSERT INTO "municipality" VALUES(190,'584',15,'fi','rural',2653,63.21474,24.41904,'Perho','Perho',NULL);
INSERT INTO "municipality" VALUES(191,'592',12,'fi','rural',3651,62.25873,25.18519,'Petäjävesi','Petäjävesi',NULL);
INSERT INTO "municipality" VALUES(192,'593',9,'fi','semi-urban',17077,62.30158,27.15658,'Pieksämäki','Pieksämäki',NULL);
INSERT INTO "municipality" VALUES(193,'595',10,'fi','rural',4140,63.2322,26.75582,'Pielavesi','Pielavesi',NULL);
INSERT INTO "municipality" VALUES(194,'598',14,'sv_fi','urban',19207,63.67756,22.70331,'Pietarsaari','Jakobstad',NULL);
INSERT INTO "municipality" VALUES(195,'599',14,'sv_fi','rural',11206,63.60006,22.79292,'Pedersören kunta','Pedersöre',NULL);
INSERT INTO "municipality" VALUES(196,'601',12,'fi','rural',3786,63.36916,25.57549,'Pihtipudas','Pihtipudas',NULL);
INSERT INTO "municipality" VALUES(197,'604',5,'fi','urban',20405,61.46631,23.64741,'Pirkkala','Birkala',NULL);
INSERT INTO "municipality" VALUES(198,'607',11,'fi','rural',4084,62.85677,29.37312,'Polvijärvi','Polvijärvi',NULL);
INSERT INTO "municipality" VALUES(199,'608',3,'fi','rural',1980,61.69366,22.00802,'Pomarkku','Påmark',NULL);
INSERT INTO "municipality" VALUES(200,'609',3,'fi','urban',83205,61.48902,21.7949,'Pori','Björneborg',NULL);
INSERT INTO "municipality" VALUES(201,'611',1,'fi','rural',5011,60.47744,25.37349,'Pornainen','Borgnäs',NULL);
INSERT INTO "municipality" VALUES(202,'614',18,'fi','rural',2999,66.1101,28.16794,'Posio','Posio',NULL);
INSERT INTO "municipality" VALUES(203,'615',16,'fi','rural',7603,65.36096,26.99933,'Pudasjärvi','Pudasjärvi',NULL);
INSERT INTO "municipality" VALUES(204,'616',1,'fi','rural',1807,60.6443,25.58371,'Pukkila','Pukkila',NULL);
INSERT INTO "municipality" VALUES(205,'619',5,'fi','rural',2675,61.11077,23.12191,'Punkalaidun','Punkalaidun',NULL);
INSERT INTO "municipality" VALUES(206,'620',17,'fi','rural',2380,64.86782,27.67476,'Puolanka','Puolanka',NULL);
INSERT INTO "municipality" VALUES(207,'623',9,'fi','rural',2107,61.52276,28.17676,'Puumala','Puumala',NULL);
INSERT INTO "municipality" VALUES(208,'624',7,'fi_sv','rural',5117,60.49465,26.74045,'Pyhtää','Pyttis',NULL);
INSERT INTO "municipality" VALUES(209,'625',16,'fi','rural',2991,64.46524,24.25853,'Pyhäjoki','Pyhäjoki',NULL);
INSERT INTO "municipality" VALUES(210,'626',16,'fi','rural',4835,63.6818,25.98568,'Pyhäjärvi','Pyhäjärvi',NULL);
INSERT INTO "municipality" VALUES(211,'630',16,'fi','rural',1635,64.09702,26.332,'Pyhäntä','Pyhäntä',NULL);
INSERT INTO "municipality" VALUES(212,'631',2,'fi','rural',1963,60.95006,21.44021,'Pyhäranta','Pyhäranta',NULL);
INSERT INTO "municipality" VALUES(213,'635',5,'fi','rural',6347,61.33982,24.27153,'Pälkäne','Pälkäne',NULL);
INSERT INTO "municipality" VALUES(214,'636',2,'fi','rural',8154,60.7191,22.60447,'Pöytyä','Pöytyä',NULL);
INSERT INTO "municipality" VALUES(215,'638',1,'fi_sv','urban',51232,60.39219,25.66519,'Porvoo','Borgå',NULL);
INSERT INTO "municipality" VALUES(216,'678',16,'fi','urban',24073,64.6854,24.47349,'Raahe','Brahestad',NULL);
INSERT INTO "municipality" VALUES(217,'680',2,'fi','urban',24942,60.48583,22.17276,'Raisio','Reso',NULL);
INSERT INTO "municipality" VALUES(218,'681',9,'fi','rural',3308,62.06821,28.30011,'Rantasalmi','Rantasalmi',NULL);
INSERT INTO "municipality" VALUES(219,'683',18,'fi','rural',3618,65.92417,26.52737,'Ranua','Ranua',NULL);
INSERT INTO "municipality" VALUES(220,'684',3,'fi','urban',38667,61.12869,21.50325,'Rauma','Raumo',NULL);
INSERT INTO "municipality" VALUES(221,'686',10,'fi','rural',2964,62.62113,26.83757,'Rautalampi','Rautalampi',NULL);
INSERT INTO "municipality" VALUES(222,'687',10,'fi','rural',1477,63.49463,28.29848,'Rautavaara','Rautavaara',NULL);
INSERT INTO "municipality" VALUES(223,'689',8,'fi','rural',3093,61.4351,29.36159,'Rautjärvi','Rautjärvi',NULL);
INSERT INTO "municipality" VALUES(224,'691',16,'fi','rural',2636,63.60487,24.93373,'Reisjärvi','Reisjärvi',NULL);
INSERT INTO "municipality" VALUES(225,'694',4,'fi','urban',28349,60.73927,24.76902,'Riihimäki','Riihimäki',NULL);
INSERT INTO "municipality" VALUES(226,'697',17,'fi','rural',1174,64.5053,28.21081,'Ristijärvi','Ristijärvi',NULL);
INSERT INTO "municipality" VALUES(227,'698',18,'fi','urban',64535,66.49624,25.72487,'Rovaniemi','Rovaniemi',NULL);
INSERT INTO "municipality" VALUES(228,'700',8,'fi','rural',4842,61.29324,28.80864,'Ruokolahti','Ruokolax',NULL);
INSERT INTO "municipality" VALUES(229,'702',5,'fi','rural',4114,61.98569,24.06846,'Ruovesi','Ruovesi',NULL);
INSERT INTO "municipality" VALUES(230,'704',2,'fi','semi-urban',6428,60.54106,22.2201,'Rusko','Rusko',NULL);
INSERT INTO "municipality" VALUES(231,'707',11,'fi','rural',1960,62.31314,29.62437,'Rääkkylä','Rääkkylä',NULL);
INSERT INTO "municipality" VALUES(232,'710',1,'sv_fi','semi-urban',27306,59.97457,23.43615,'Raasepori','Raseborg',NULL);
INSERT INTO "municipality" VALUES(233,'729',12,'fi','semi-urban',8975,62.70719,25.25269,'Saarijärvi','Saarijärvi',NULL);
INSERT INTO "municipality" VALUES(234,'732',18,'fi','rural',3336,66.83375,28.67205,'Salla','Salla',NULL);
INSERT INTO "municipality" VALUES(235,'734',2,'fi','urban',50933,60.38353,23.12822,'Salo','Salo',NULL);
INSERT INTO "municipality" VALUES(236,'736',19,'sv','rural',1793,60.32029,20.02535,'Saltvik','Saltvik',NULL);
INSERT INTO "municipality" VALUES(237,'738',2,'fi','rural',2917,60.34781,22.68591,'Sauvo','Sagu',NULL);
INSERT INTO "municipality" VALUES(238,'739',8,'fi','rural',3256,61.19867,27.68687,'Savitaipale','Savitaipale',NULL);
INSERT INTO "municipality" VALUES(239,'740',9,'fi','urban',32085,61.86795,28.89154,'Savonlinna','Nyslott',NULL);
INSERT INTO "municipality" VALUES(240,'742',18,'fi','rural',988,67.29232,28.1608,'Savukoski','Savukoski',NULL);
INSERT INTO "municipality" VALUES(241,'743',13,'fi','urban',65323,62.78671,22.84187,'Seinäjoki','Seinäjoki',NULL);
INSERT INTO "municipality" VALUES(242,'746',16,'fi','rural',4735,63.90628,24.52116,'Sievi','Sievi',NULL);
INSERT INTO "municipality" VALUES(243,'747',3,'fi','rural',1308,61.87745,21.8238,'Siikainen','Siikais',NULL);
INSERT INTO "municipality" VALUES(244,'748',16,'fi','rural',4897,64.66379,25.10329,'Siikajoki','Siikajoki',NULL);
INSERT INTO "municipality" VALUES(245,'749',10,'fi','semi-urban',21232,63.07494,27.6609,'Siilinjärvi','Siilinjärvi',NULL);
INSERT INTO "municipality" VALUES(246,'751',18,'fi','rural',2877,65.66216,25.06379,'Simo','Simo',NULL);
INSERT INTO "municipality" VALUES(247,'753',1,'fi_sv','semi-urban',22320,60.37636,25.26683,'Sipoo','Sibbo',NULL);
INSERT INTO "municipality" VALUES(248,'755',1,'fi_sv','rural',6217,60.13784,24.22563,'Siuntio','Sjundeå',NULL);
INSERT INTO "municipality" VALUES(249,'758',18,'fi','semi-urban',8134,67.41381,26.59264,'Sodankylä','Sodankylä',NULL);
INSERT INTO "municipality" VALUES(250,'759',13,'fi','rural',1942,62.86911,24.20997,'Soini','Soini',NULL);
INSERT INTO "municipality" VALUES(251,'761',2,'fi','rural',8426,60.62823,23.51409,'Somero','Somero',NULL);
INSERT INTO "municipality" VALUES(252,'762',10,'fi','rural',3672,63.66971,27.52315,'Sonkajärvi','Sonkajärvi',NULL);
INSERT INTO "municipality" VALUES(253,'765',17,'fi','semi-urban',10354,64.13374,28.39025,'Sotkamo','Sotkamo',NULL);
INSERT INTO "municipality" VALUES(254,'766',19,'sv','rural',111,60.13011,20.66656,'Sottunga','Sottunga',NULL);
INSERT INTO "municipality" VALUES(255,'768',9,'fi','rural',2375,61.78692,28.37074,'Sulkava','Sulkava',NULL);
INSERT INTO "municipality" VALUES(256,'771',19,'sv','rural',1001,60.25705,20.13208,'Sund','Sund',NULL);
INSERT INTO "municipality" VALUES(257,'777',17,'fi','rural',7367,64.88404,28.90422,'Suomussalmi','Suomussalmi',NULL);
INSERT INTO "municipality" VALUES(258,'778',10,'fi','semi-urban',6763,62.62467,27.12181,'Suonenjoki','Suonenjoki',NULL);
INSERT INTO "municipality" VALUES(259,'781',6,'fi','rural',3504,61.50433,25.68543,'Sysmä','Sysmä',NULL);
INSERT INTO "municipality" VALUES(260,'783',3,'fi','rural',6419,61.04515,22.34341,'Säkylä','Säkylä',NULL);
INSERT INTO "municipality" VALUES(261,'785',16,'fi','rural',2626,64.55864,26.83824,'Vaala','Vaala',NULL);
INSERT INTO "municipality" VALUES(262,'790',5,'fi','semi-urban',23734,61.33486,22.93158,'Sastamala','Sastamala',NULL);
INSERT INTO "municipality" VALUES(263,'791',16,'fi','rural',5029,64.26617,25.86683,'Siikalatva','Siikalatva',NULL);
INSERT INTO "municipality" VALUES(264,'831',8,'fi','rural',4559,61.15932,28.06022,'Taipalsaari','Taipalsaari',NULL);
INSERT INTO "municipality" VALUES(265,'832',16,'fi','rural',3825,65.57424,28.24304,'Taivalkoski','Taivalkoski',NULL);
INSERT INTO "municipality" VALUES(266,'833',2,'fi','rural',1691,60.56149,21.61203,'Taivassalo','Tövsala',NULL);
INSERT INTO "municipality" VALUES(267,'834',4,'fi','rural',5879,60.80824,23.7603,'Tammela','Tammela',NULL);
INSERT INTO "municipality" VALUES(268,'837',5,'fi','urban',249009,61.49795,23.75941,'Tampere','Tammerfors',NULL);
INSERT INTO "municipality" VALUES(269,'844',10,'fi','rural',1441,62.95687,26.75887,'Tervo','Tervo',NULL);
INSERT INTO "municipality" VALUES(270,'845',18,'fi','rural',2863,66.08695,24.81039,'Tervola','Tervola',NULL);
INSERT INTO "municipality" VALUES(271,'846',13,'fi','rural',4862,62.4852,21.74675,'Teuva','Östermark',NULL);
INSERT INTO "municipality" VALUES(272,'848',11,'fi','rural',4160,62.22376,30.33147,'Tohmajärvi','Tohmajärvi',NULL);
INSERT INTO "municipality" VALUES(273,'849',15,'fi','rural',2903,63.77471,24.24802,'Toholampi','Toholampi',NULL);
INSERT INTO "municipality" VALUES(274,'850',12,'fi','rural',2407,62.09828,26.08342,'Toivakka','Toivakka',NULL);
INSERT INTO "municipality" VALUES(275,'851',18,'fi','urban',21227,65.84829,24.14481,'Tornio','Torneå',NULL);
INSERT INTO "municipality" VALUES(276,'853',2,'fi_sv','urban',197900,60.44812,22.26624,'Turku','Åbo',NULL);
INSERT INTO "municipality" VALUES(277,'854',18,'fi','rural',3262,66.77451,23.96681,'Pello','Pello',NULL);
INSERT INTO "municipality" VALUES(278,'857',10,'fi','rural',2394,62.80967,28.4926,'Tuusniemi','Tuusniemi',NULL);
INSERT INTO "municipality" VALUES(279,'858',1,'fi','urban',40384,60.403,25.029,'Tuusula','Tusby',NULL);
INSERT INTO "municipality" VALUES(280,'859',16,'fi','rural',6562,64.76213,25.65239,'Tyrnävä','Tyrnävä',NULL);
INSERT INTO "municipality" VALUES(281,'886',3,'fi','semi-urban',12599,61.43312,21.89824,'Ulvila','Ulvsby',NULL);
INSERT INTO "municipality" VALUES(282,'887',5,'fi','rural',4569,61.0816,23.54879,'Urjala','Urjala',NULL);
INSERT INTO "municipality" VALUES(283,'889',16,'fi','rural',2523,64.76183,26.41701,'Utajärvi','Utajärvi',NULL);
INSERT INTO "municipality" VALUES(284,'890',18,'fi','rural',1180,69.90788,27.02834,'Utsjoki','Utsjoki',NULL);
INSERT INTO "municipality" VALUES(285,'892',12,'fi','rural',3592,62.50081,25.43855,'Uurainen','Uurainen',NULL);
INSERT INTO "municipality" VALUES(286,'893',14,'sv_fi','rural',7434,63.52206,22.53105,'Uusikaarlepyy','Nykarleby',NULL);
INSERT INTO "municipality" VALUES(287,'895',2,'fi','semi-urban',15092,60.79412,21.42979,'Uusikaupunki','Nystad',NULL);
INSERT INTO "municipality" VALUES(288,'905',14,'fi_sv','urban',67988,63.09507,21.61207,'Vaasa','Vasa',NULL);
INSERT INTO "municipality" VALUES(289,'908',5,'fi','urban',20703,61.26413,24.03029,'Valkeakoski','Valkeakoski',NULL);
INSERT INTO "municipality" VALUES(290,'915',10,'fi','urban',19759,62.31242,27.88613,'Varkaus','Varkaus',NULL);
INSERT INTO "municipality" VALUES(291,'918',2,'fi','rural',2228,60.68614,21.71442,'Vehmaa','Vemo',NULL);
INSERT INTO "municipality" VALUES(292,'921',10,'fi','rural',1894,62.93116,26.41587,'Vesanto','Vesanto',NULL);
INSERT INTO "municipality" VALUES(293,'922',5,'fi','rural',4501,61.3097,23.61512,'Vesilahti','Vesilahti',NULL);
INSERT INTO "municipality" VALUES(294,'924',15,'fi','rural',2946,63.47605,23.79451,'Veteli','Vetil',NULL);
INSERT INTO "municipality" VALUES(295,'925',10,'fi','rural',3427,63.74344,27.00026,'Vieremä','Vieremä',NULL);
INSERT INTO "municipality" VALUES(296,'927',1,'fi','semi-urban',28913,60.32666,24.31007,'Vihti','Vichtis',NULL);
INSERT INTO "municipality" VALUES(297,'931',12,'fi','rural',5951,63.07618,25.859,'Viitasaari','Viitasaari',NULL);
INSERT INTO "municipality" VALUES(298,'934',13,'fi','rural',2671,63.16087,23.8229,'Vimpeli','Vindala',NULL);
INSERT INTO "municipality" VALUES(299,'935',7,'fi','rural',2985,60.58376,27.70936,'Virolahti','Vederlax',NULL);
INSERT INTO "municipality" VALUES(300,'936',5,'fi','rural',6395,62.23846,23.77478,'Virrat','Virdois',NULL);
INSERT INTO "municipality" VALUES(301,'941',19,'sv','rural',451,60.24413,20.37703,'Vårdö','Vårdö',NULL);
INSERT INTO "municipality" VALUES(302,'946',14,'sv_fi','rural',6287,63.132,22.25154,'Vöyri','Vörå',NULL);
INSERT INTO "municipality" VALUES(303,'976',18,'fi','rural',3788,66.32306,23.67288,'Ylitornio','Övertorneå',NULL);
INSERT INTO "municipality" VALUES(304,'977',16,'fi','semi-urban',15293,64.07255,24.52685,'Ylivieska','Ylivieska',NULL);
INSERT INTO "municipality" VALUES(305,'980',5,'fi','urban',33607,61.55747,23.59745,'Ylöjärvi','Ylöjärvi',NULL);
INSERT INTO "municipality" VALUES(306,'981',4,'fi','rural',2237,60.80517,23.27233,'Ypäjä','Ypäjä',NULL);
INSERT INTO "municipality" VALUES(307,'989',13,'fi','rural',5406,62.54865,24.07783,'Ähtäri','Etseri',NULL);
INSERT INTO "municipality" VALUES(308,'992',12,'fi','semi-urban',18120,62.60324,25.72975,'Äänekoski','Äänekoski',NULL);
CREATE TABLE never_contact (
	hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_never_contact PRIMARY KEY (hash)
);
CREATE TABLE "news_item" (
	id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	"key" VARCHAR(60) NOT NULL, 
	deed_id INTEGER, 
	actor_id INTEGER, 
	organisation_id INTEGER, 
	created_at DATETIME NOT NULL, 
	wish_id INTEGER, 
	CONSTRAINT pk_news_item PRIMARY KEY (id), 
	CONSTRAINT uq_news_item_key UNIQUE ("key"), 
	CONSTRAINT fk_news_item_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_news_item_wish_id_wish FOREIGN KEY(wish_id) REFERENCES wish (id) ON DELETE CASCADE
);
INSERT INTO "news_item" VALUES(1,'wished','wished:1',NULL,1,NULL,'2026-11-13 12:32:00.000000',1);
INSERT INTO "news_item" VALUES(2,'wished','wished:2',NULL,1,NULL,'2026-11-20 11:36:00.000000',2);
CREATE TABLE newsletter (
	id INTEGER NOT NULL, 
	subjects JSON NOT NULL, 
	intros JSON NOT NULL, 
	items JSON NOT NULL, 
	editor_id INTEGER, 
	send_at DATETIME, 
	sent_at DATETIME, 
	mails INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_newsletter PRIMARY KEY (id), 
	CONSTRAINT fk_newsletter_editor_id_user FOREIGN KEY(editor_id) REFERENCES user (id) ON DELETE SET NULL
);
CREATE TABLE newsletter_delivery (
	newsletter_id INTEGER NOT NULL, 
	subscriber_id INTEGER NOT NULL, 
	CONSTRAINT pk_newsletter_delivery PRIMARY KEY (newsletter_id, subscriber_id), 
	CONSTRAINT fk_newsletter_delivery_newsletter_id_newsletter FOREIGN KEY(newsletter_id) REFERENCES newsletter (id) ON DELETE CASCADE, 
	CONSTRAINT fk_newsletter_delivery_subscriber_id_digest_subscriber FOREIGN KEY(subscriber_id) REFERENCES digest_subscriber (id) ON DELETE CASCADE
);
CREATE TABLE nomination (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	nominee_name VARCHAR(300) NOT NULL, 
	nominee_email VARCHAR(254) NOT NULL, 
	reason TEXT NOT NULL, 
	nominator_name VARCHAR(300) NOT NULL, 
	nominator_email VARCHAR(254) NOT NULL, 
	from_organisation_id INTEGER, 
	locale VARCHAR(2) NOT NULL, 
	confirm_hash VARCHAR(64), 
	confirm_until DATETIME NOT NULL, 
	confirmed_at DATETIME, 
	invited_at DATETIME, 
	opened_at DATETIME, 
	started_at DATETIME, 
	published_at DATETIME, 
	declined_at DATETIME, 
	reminders INTEGER NOT NULL, 
	reminded_at DATETIME, 
	user_id INTEGER, 
	deed_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_nomination PRIMARY KEY (id), 
	CONSTRAINT fk_nomination_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE, 
	CONSTRAINT fk_nomination_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE SET NULL, 
	CONSTRAINT fk_nomination_from_organisation_id_organisation FOREIGN KEY(from_organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_nomination_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT uq_nomination_confirm_hash UNIQUE (confirm_hash)
);
CREATE TABLE notification (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	deed_id INTEGER, 
	organisation_id INTEGER, 
	read_at DATETIME, 
	created_at DATETIME NOT NULL, text VARCHAR(300), address VARCHAR(300), 
	CONSTRAINT pk_notification PRIMARY KEY (id), 
	CONSTRAINT fk_notification_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_notification_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_notification_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE organisation (
	id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	municipality_id INTEGER, 
	region_id INTEGER, 
	successor_id INTEGER, 
	ended_on DATE, 
	introduction VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	name_sv VARCHAR(300), 
	name_en VARCHAR(300), 
	created_at DATETIME NOT NULL, verified_at DATETIME, 
	CONSTRAINT pk_organisation PRIMARY KEY (id), 
	CONSTRAINT fk_organisation_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id), 
	CONSTRAINT fk_organisation_region_id_region FOREIGN KEY(region_id) REFERENCES region (id), 
	CONSTRAINT fk_organisation_successor_id_organisation FOREIGN KEY(successor_id) REFERENCES organisation (id), 
	CONSTRAINT uq_organisation_slug UNIQUE (slug)
);
INSERT INTO "organisation" VALUES(1,'alajarven-kaupunki','kunta',1,13,NULL,NULL,'','','Alajärven kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(2,'alavieskan-kunta','kunta',2,16,NULL,NULL,'','','Alavieskan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(3,'alavuden-kaupunki','kunta',3,13,NULL,NULL,'','','Alavuden kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(4,'asikkalan-kunta','kunta',4,6,NULL,NULL,'','','Asikkalan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(5,'askolan-kunta','kunta',5,1,NULL,NULL,'','','Askolan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(6,'auran-kunta','kunta',6,2,NULL,NULL,'','','Auran kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(7,'akaan-kaupunki','kunta',7,5,NULL,NULL,'','','Akaan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(8,'brandon-kunta','kunta',8,19,NULL,NULL,'','','Brändön kunta','Brändö kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(9,'eckeron-kunta','kunta',9,19,NULL,NULL,'','','Eckerön kunta','Eckerö kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(10,'enonkosken-kunta','kunta',10,9,NULL,NULL,'','','Enonkosken kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(11,'enontekion-kunta','kunta',11,18,NULL,NULL,'','','Enontekiön kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(12,'espoon-kaupunki','kunta',12,1,NULL,NULL,'','','Espoon kaupunki','Esbo stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(13,'euran-kunta','kunta',13,3,NULL,NULL,'','','Euran kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(14,'eurajoen-kunta','kunta',14,3,NULL,NULL,'','','Eurajoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(15,'evijarven-kunta','kunta',15,13,NULL,NULL,'','','Evijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(16,'finstromin-kunta','kunta',16,19,NULL,NULL,'','','Finströmin kunta','Finströms kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(17,'forssan-kaupunki','kunta',17,4,NULL,NULL,'','','Forssan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(18,'foglon-kunta','kunta',18,19,NULL,NULL,'','','Föglön kunta','Föglö kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(19,'getan-kunta','kunta',19,19,NULL,NULL,'','','Getan kunta','Geta kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(20,'haapajarven-kaupunki','kunta',20,16,NULL,NULL,'','','Haapajärven kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(21,'haapaveden-kaupunki','kunta',21,16,NULL,NULL,'','','Haapaveden kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(22,'hailuodon-kunta','kunta',22,16,NULL,NULL,'','','Hailuodon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(23,'halsuan-kunta','kunta',23,15,NULL,NULL,'','','Halsuan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(24,'haminan-kaupunki','kunta',24,7,NULL,NULL,'','','Haminan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(25,'hammarlandin-kunta','kunta',25,19,NULL,NULL,'','','Hammarlandin kunta','Hammarlands kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(26,'hankasalmen-kunta','kunta',26,12,NULL,NULL,'','','Hankasalmen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(27,'hangon-kaupunki','kunta',27,1,NULL,NULL,'','','Hangon kaupunki','Hangö stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(28,'harjavallan-kaupunki','kunta',28,3,NULL,NULL,'','','Harjavallan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(29,'hartolan-kunta','kunta',29,6,NULL,NULL,'','','Hartolan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(30,'hattulan-kunta','kunta',30,4,NULL,NULL,'','','Hattulan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(31,'hausjarven-kunta','kunta',31,4,NULL,NULL,'','','Hausjärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(32,'heinaveden-kunta','kunta',32,11,NULL,NULL,'','','Heinäveden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(33,'helsingin-kaupunki','kunta',33,1,NULL,NULL,'','','Helsingin kaupunki','Helsingfors stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(34,'vantaan-kaupunki','kunta',34,1,NULL,NULL,'','','Vantaan kaupunki','Vanda stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(35,'hirvensalmen-kunta','kunta',35,9,NULL,NULL,'','','Hirvensalmen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(36,'hollolan-kunta','kunta',36,6,NULL,NULL,'','','Hollolan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(37,'huittisten-kaupunki','kunta',37,3,NULL,NULL,'','','Huittisten kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(38,'humppilan-kunta','kunta',38,4,NULL,NULL,'','','Humppilan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(39,'hyrynsalmen-kunta','kunta',39,17,NULL,NULL,'','','Hyrynsalmen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(40,'hyvinkaan-kaupunki','kunta',40,1,NULL,NULL,'','','Hyvinkään kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(41,'hameenkyron-kunta','kunta',41,5,NULL,NULL,'','','Hämeenkyrön kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(42,'hameenlinnan-kaupunki','kunta',42,4,NULL,NULL,'','','Hämeenlinnan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(43,'heinolan-kaupunki','kunta',43,6,NULL,NULL,'','','Heinolan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(44,'iin-kunta','kunta',44,16,NULL,NULL,'','','Iin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(45,'iisalmen-kaupunki','kunta',45,10,NULL,NULL,'','','Iisalmen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(46,'iitin-kunta','kunta',46,6,NULL,NULL,'','','Iitin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(47,'ikaalisten-kaupunki','kunta',47,5,NULL,NULL,'','','Ikaalisten kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(48,'ilmajoen-kunta','kunta',48,13,NULL,NULL,'','','Ilmajoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(49,'ilomantsin-kunta','kunta',49,11,NULL,NULL,'','','Ilomantsin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(50,'inarin-kunta','kunta',50,18,NULL,NULL,'','','Inarin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(51,'inkoon-kunta','kunta',51,1,NULL,NULL,'','','Inkoon kunta','Ingå kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(52,'isojoen-kunta','kunta',52,13,NULL,NULL,'','','Isojoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(53,'isonkyron-kunta','kunta',53,13,NULL,NULL,'','','Isonkyrön kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(54,'imatran-kaupunki','kunta',54,8,NULL,NULL,'','','Imatran kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(55,'janakkalan-kunta','kunta',55,4,NULL,NULL,'','','Janakkalan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(56,'joensuun-kaupunki','kunta',56,11,NULL,NULL,'','','Joensuun kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(57,'jokioisten-kunta','kunta',57,4,NULL,NULL,'','','Jokioisten kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(58,'jomalan-kunta','kunta',58,19,NULL,NULL,'','','Jomalan kunta','Jomala kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(59,'joroisten-kunta','kunta',59,10,NULL,NULL,'','','Joroisten kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(60,'joutsan-kunta','kunta',60,12,NULL,NULL,'','','Joutsan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(61,'juuan-kunta','kunta',61,11,NULL,NULL,'','','Juuan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(62,'juupajoen-kunta','kunta',62,5,NULL,NULL,'','','Juupajoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(63,'juvan-kunta','kunta',63,9,NULL,NULL,'','','Juvan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(64,'jyvaskylan-kaupunki','kunta',64,12,NULL,NULL,'','','Jyväskylän kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(65,'jamijarven-kunta','kunta',65,3,NULL,NULL,'','','Jämijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(66,'jamsan-kaupunki','kunta',66,12,NULL,NULL,'','','Jämsän kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(67,'jarvenpaan-kaupunki','kunta',67,1,NULL,NULL,'','','Järvenpään kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(68,'kaarinan-kaupunki','kunta',68,2,NULL,NULL,'','','Kaarinan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(69,'kaavin-kunta','kunta',69,10,NULL,NULL,'','','Kaavin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(70,'kajaanin-kaupunki','kunta',70,17,NULL,NULL,'','','Kajaanin kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(71,'kalajoen-kaupunki','kunta',71,16,NULL,NULL,'','','Kalajoen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(72,'kangasalan-kaupunki','kunta',72,5,NULL,NULL,'','','Kangasalan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(73,'kangasniemen-kunta','kunta',73,9,NULL,NULL,'','','Kangasniemen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(74,'kankaanpaan-kaupunki','kunta',74,3,NULL,NULL,'','','Kankaanpään kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(75,'kannonkosken-kunta','kunta',75,12,NULL,NULL,'','','Kannonkosken kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(76,'kannuksen-kaupunki','kunta',76,15,NULL,NULL,'','','Kannuksen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(77,'karijoen-kunta','kunta',77,13,NULL,NULL,'','','Karijoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(78,'karkkilan-kaupunki','kunta',78,1,NULL,NULL,'','','Karkkilan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(79,'karstulan-kunta','kunta',79,12,NULL,NULL,'','','Karstulan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(80,'karvian-kunta','kunta',80,3,NULL,NULL,'','','Karvian kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(81,'kaskisten-kaupunki','kunta',81,14,NULL,NULL,'','','Kaskisten kaupunki','Kaskö stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(82,'kauhajoen-kaupunki','kunta',82,13,NULL,NULL,'','','Kauhajoen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(83,'kauhavan-kaupunki','kunta',83,13,NULL,NULL,'','','Kauhavan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(84,'kauniaisten-kaupunki','kunta',84,1,NULL,NULL,'','','Kauniaisten kaupunki','Grankulla stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(85,'kaustisen-kunta','kunta',85,15,NULL,NULL,'','','Kaustisen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(86,'keiteleen-kunta','kunta',86,10,NULL,NULL,'','','Keiteleen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(87,'kemin-kaupunki','kunta',87,18,NULL,NULL,'','','Kemin kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(88,'keminmaan-kunta','kunta',88,18,NULL,NULL,'','','Keminmaan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(89,'kempeleen-kunta','kunta',89,16,NULL,NULL,'','','Kempeleen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(90,'keravan-kaupunki','kunta',90,1,NULL,NULL,'','','Keravan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(91,'keuruun-kaupunki','kunta',91,12,NULL,NULL,'','','Keuruun kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(92,'kihnion-kunta','kunta',92,5,NULL,NULL,'','','Kihniön kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(93,'kinnulan-kunta','kunta',93,12,NULL,NULL,'','','Kinnulan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(94,'kirkkonummen-kunta','kunta',94,1,NULL,NULL,'','','Kirkkonummen kunta','Kyrkslätts kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(95,'kiteen-kaupunki','kunta',95,11,NULL,NULL,'','','Kiteen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(96,'kittilan-kunta','kunta',96,18,NULL,NULL,'','','Kittilän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(97,'kiuruveden-kaupunki','kunta',97,10,NULL,NULL,'','','Kiuruveden kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(98,'kivijarven-kunta','kunta',98,12,NULL,NULL,'','','Kivijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(99,'kokemaen-kaupunki','kunta',99,3,NULL,NULL,'','','Kokemäen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(100,'kokkolan-kaupunki','kunta',100,15,NULL,NULL,'','','Kokkolan kaupunki','Karleby stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(101,'kolarin-kunta','kunta',101,18,NULL,NULL,'','','Kolarin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(102,'konneveden-kunta','kunta',102,12,NULL,NULL,'','','Konneveden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(103,'kontiolahden-kunta','kunta',103,11,NULL,NULL,'','','Kontiolahden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(104,'korsnasin-kunta','kunta',104,14,NULL,NULL,'','','Korsnäsin kunta','Korsnäs kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(105,'kosken-tl-kunta','kunta',105,2,NULL,NULL,'','','Kosken Tl kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(106,'kotkan-kaupunki','kunta',106,7,NULL,NULL,'','','Kotkan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(107,'kouvolan-kaupunki','kunta',107,7,NULL,NULL,'','','Kouvolan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(108,'kristiinankaupungin-kaupunki','kunta',108,14,NULL,NULL,'','','Kristiinankaupungin kaupunki','Kristinestads stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(109,'kruunupyyn-kunta','kunta',109,14,NULL,NULL,'','','Kruunupyyn kunta','Kronoby kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(110,'kuhmon-kaupunki','kunta',110,17,NULL,NULL,'','','Kuhmon kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(111,'kuhmoisten-kunta','kunta',111,5,NULL,NULL,'','','Kuhmoisten kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(112,'kumlingen-kunta','kunta',112,19,NULL,NULL,'','','Kumlingen kunta','Kumlinge kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(113,'kuopion-kaupunki','kunta',113,10,NULL,NULL,'','','Kuopion kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(114,'kuortaneen-kunta','kunta',114,13,NULL,NULL,'','','Kuortaneen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(115,'kurikan-kaupunki','kunta',115,13,NULL,NULL,'','','Kurikan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(116,'kustavin-kunta','kunta',116,2,NULL,NULL,'','','Kustavin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(117,'kuusamon-kaupunki','kunta',117,16,NULL,NULL,'','','Kuusamon kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(118,'outokummun-kaupunki','kunta',118,11,NULL,NULL,'','','Outokummun kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(119,'kyyjarven-kunta','kunta',119,12,NULL,NULL,'','','Kyyjärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(120,'karkolan-kunta','kunta',120,6,NULL,NULL,'','','Kärkölän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(121,'karsamaen-kunta','kunta',121,16,NULL,NULL,'','','Kärsämäen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(122,'kokarin-kunta','kunta',122,19,NULL,NULL,'','','Kökarin kunta','Kökars kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(123,'kemijarven-kaupunki','kunta',123,18,NULL,NULL,'','','Kemijärven kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(124,'kemionsaaren-kunta','kunta',124,2,NULL,NULL,'','','Kemiönsaaren kunta','Kimitoöns kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(125,'lahden-kaupunki','kunta',125,6,NULL,NULL,'','','Lahden kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(126,'laihian-kunta','kunta',126,14,NULL,NULL,'','','Laihian kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(127,'laitilan-kaupunki','kunta',127,2,NULL,NULL,'','','Laitilan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(128,'lapinlahden-kunta','kunta',128,10,NULL,NULL,'','','Lapinlahden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(129,'lappajarven-kunta','kunta',129,13,NULL,NULL,'','','Lappajärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(130,'lappeenrannan-kaupunki','kunta',130,8,NULL,NULL,'','','Lappeenrannan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(131,'lapinjarven-kunta','kunta',131,1,NULL,NULL,'','','Lapinjärven kunta','Lappträsks kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(132,'lapuan-kaupunki','kunta',132,13,NULL,NULL,'','','Lapuan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(133,'laukaan-kunta','kunta',133,12,NULL,NULL,'','','Laukaan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(134,'lemin-kunta','kunta',134,8,NULL,NULL,'','','Lemin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(135,'lemlandin-kunta','kunta',135,19,NULL,NULL,'','','Lemlandin kunta','Lemlands kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(136,'lempaalan-kunta','kunta',136,5,NULL,NULL,'','','Lempäälän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(137,'leppavirran-kunta','kunta',137,10,NULL,NULL,'','','Leppävirran kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(138,'lestijarven-kunta','kunta',138,15,NULL,NULL,'','','Lestijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(139,'lieksan-kaupunki','kunta',139,11,NULL,NULL,'','','Lieksan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(140,'liedon-kaupunki','kunta',140,2,NULL,NULL,'','','Liedon kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(141,'limingan-kunta','kunta',141,16,NULL,NULL,'','','Limingan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(142,'liperin-kunta','kunta',142,11,NULL,NULL,'','','Liperin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(143,'loimaan-kaupunki','kunta',143,2,NULL,NULL,'','','Loimaan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(144,'lopen-kunta','kunta',144,4,NULL,NULL,'','','Lopen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(145,'loviisan-kaupunki','kunta',145,1,NULL,NULL,'','','Loviisan kaupunki','Lovisa stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(146,'luhangan-kunta','kunta',146,12,NULL,NULL,'','','Luhangan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(147,'lumijoen-kunta','kunta',147,16,NULL,NULL,'','','Lumijoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(148,'lumparlandin-kunta','kunta',148,19,NULL,NULL,'','','Lumparlandin kunta','Lumparlands kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(149,'luodon-kunta','kunta',149,14,NULL,NULL,'','','Luodon kunta','Larsmo kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(150,'luumaen-kunta','kunta',150,8,NULL,NULL,'','','Luumäen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(151,'lohjan-kaupunki','kunta',151,1,NULL,NULL,'','','Lohjan kaupunki','Lojo stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(152,'paraisten-kaupunki','kunta',152,2,NULL,NULL,'','','Paraisten kaupunki','Pargas stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(153,'maalahden-kunta','kunta',153,14,NULL,NULL,'','','Maalahden kunta','Malax kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(154,'maarianhaminan-kaupunki','kunta',154,19,NULL,NULL,'','','Maarianhaminan kaupunki','Mariehamns stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(155,'marttilan-kunta','kunta',155,2,NULL,NULL,'','','Marttilan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(156,'maskun-kunta','kunta',156,2,NULL,NULL,'','','Maskun kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(157,'merijarven-kunta','kunta',157,16,NULL,NULL,'','','Merijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(158,'merikarvian-kunta','kunta',158,3,NULL,NULL,'','','Merikarvian kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(159,'miehikkalan-kunta','kunta',159,7,NULL,NULL,'','','Miehikkälän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(160,'mikkelin-kaupunki','kunta',160,9,NULL,NULL,'','','Mikkelin kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(161,'muhoksen-kunta','kunta',161,16,NULL,NULL,'','','Muhoksen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(162,'multian-kunta','kunta',162,12,NULL,NULL,'','','Multian kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(163,'muonion-kunta','kunta',163,18,NULL,NULL,'','','Muonion kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(164,'mustasaaren-kunta','kunta',164,14,NULL,NULL,'','','Mustasaaren kunta','Korsholms kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(165,'muuramen-kunta','kunta',165,12,NULL,NULL,'','','Muuramen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(166,'mynamaen-kunta','kunta',166,2,NULL,NULL,'','','Mynämäen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(167,'myrskylan-kunta','kunta',167,1,NULL,NULL,'','','Myrskylän kunta','Mörskoms kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(168,'mantsalan-kunta','kunta',168,1,NULL,NULL,'','','Mäntsälän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(169,'mantyharjun-kunta','kunta',169,9,NULL,NULL,'','','Mäntyharjun kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(170,'mantta-vilppulan-kaupunki','kunta',170,5,NULL,NULL,'','','Mänttä-Vilppulan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(171,'naantalin-kaupunki','kunta',171,2,NULL,NULL,'','','Naantalin kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(172,'nakkilan-kunta','kunta',172,3,NULL,NULL,'','','Nakkilan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(173,'nivalan-kaupunki','kunta',173,16,NULL,NULL,'','','Nivalan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(174,'nokian-kaupunki','kunta',174,5,NULL,NULL,'','','Nokian kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(175,'nousiaisten-kunta','kunta',175,2,NULL,NULL,'','','Nousiaisten kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(176,'nurmeksen-kaupunki','kunta',176,11,NULL,NULL,'','','Nurmeksen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(177,'nurmijarven-kunta','kunta',177,1,NULL,NULL,'','','Nurmijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(178,'narpion-kaupunki','kunta',178,14,NULL,NULL,'','','Närpiön kaupunki','Närpes stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(179,'orimattilan-kaupunki','kunta',179,6,NULL,NULL,'','','Orimattilan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(180,'oripaan-kunta','kunta',180,2,NULL,NULL,'','','Oripään kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(181,'oriveden-kaupunki','kunta',181,5,NULL,NULL,'','','Oriveden kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(182,'oulaisten-kaupunki','kunta',182,16,NULL,NULL,'','','Oulaisten kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(183,'oulun-kaupunki','kunta',183,16,NULL,NULL,'','','Oulun kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(184,'padasjoen-kunta','kunta',184,6,NULL,NULL,'','','Padasjoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(185,'paimion-kaupunki','kunta',185,2,NULL,NULL,'','','Paimion kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(186,'paltamon-kunta','kunta',186,17,NULL,NULL,'','','Paltamon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(187,'parikkalan-kunta','kunta',187,8,NULL,NULL,'','','Parikkalan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(188,'parkanon-kaupunki','kunta',188,5,NULL,NULL,'','','Parkanon kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(189,'pelkosenniemen-kunta','kunta',189,18,NULL,NULL,'','','Pelkosenniemen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(190,'perhon-kunta','kunta',190,15,NULL,NULL,'','','Perhon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(191,'petajaveden-kunta','kunta',191,12,NULL,NULL,'','','Petäjäveden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(192,'pieksamaen-kaupunki','kunta',192,9,NULL,NULL,'','','Pieksämäen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(193,'pielaveden-kunta','kunta',193,10,NULL,NULL,'','','Pielaveden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(194,'pietarsaaren-kaupunki','kunta',194,14,NULL,NULL,'','','Pietarsaaren kaupunki','Staden Jakobstad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(195,'pedersoren-kunta','kunta',195,14,NULL,NULL,'','','Pedersören kunta','Pedersöre kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(196,'pihtiputaan-kunta','kunta',196,12,NULL,NULL,'','','Pihtiputaan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(197,'pirkkalan-kunta','kunta',197,5,NULL,NULL,'','','Pirkkalan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(198,'polvijarven-kunta','kunta',198,11,NULL,NULL,'','','Polvijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(199,'pomarkun-kunta','kunta',199,3,NULL,NULL,'','','Pomarkun kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(200,'porin-kaupunki','kunta',200,3,NULL,NULL,'','','Porin kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(201,'pornaisten-kunta','kunta',201,1,NULL,NULL,'','','Pornaisten kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(202,'posion-kunta','kunta',202,18,NULL,NULL,'','','Posion kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(203,'pudasjarven-kaupunki','kunta',203,16,NULL,NULL,'','','Pudasjärven kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(204,'pukkilan-kunta','kunta',204,1,NULL,NULL,'','','Pukkilan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(205,'punkalaitumen-kunta','kunta',205,5,NULL,NULL,'','','Punkalaitumen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(206,'puolangan-kunta','kunta',206,17,NULL,NULL,'','','Puolangan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(207,'puumalan-kunta','kunta',207,9,NULL,NULL,'','','Puumalan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(208,'pyhtaan-kunta','kunta',208,7,NULL,NULL,'','','Pyhtään kunta','Pyttis kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(209,'pyhajoen-kunta','kunta',209,16,NULL,NULL,'','','Pyhäjoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(210,'pyhajarven-kaupunki','kunta',210,16,NULL,NULL,'','','Pyhäjärven kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(211,'pyhannan-kunta','kunta',211,16,NULL,NULL,'','','Pyhännän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(212,'pyharannan-kunta','kunta',212,2,NULL,NULL,'','','Pyhärannan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(213,'palkaneen-kunta','kunta',213,5,NULL,NULL,'','','Pälkäneen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(214,'poytyan-kunta','kunta',214,2,NULL,NULL,'','','Pöytyän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(215,'porvoon-kaupunki','kunta',215,1,NULL,NULL,'','','Porvoon kaupunki','Borgå stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(216,'raahen-kaupunki','kunta',216,16,NULL,NULL,'','','Raahen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(217,'raision-kaupunki','kunta',217,2,NULL,NULL,'','','Raision kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(218,'rantasalmen-kunta','kunta',218,9,NULL,NULL,'','','Rantasalmen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(219,'ranuan-kunta','kunta',219,18,NULL,NULL,'','','Ranuan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(220,'rauman-kaupunki','kunta',220,3,NULL,NULL,'','','Rauman kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(221,'rautalammin-kunta','kunta',221,10,NULL,NULL,'','','Rautalammin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(222,'rautavaaran-kunta','kunta',222,10,NULL,NULL,'','','Rautavaaran kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(223,'rautjarven-kunta','kunta',223,8,NULL,NULL,'','','Rautjärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(224,'reisjarven-kunta','kunta',224,16,NULL,NULL,'','','Reisjärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(225,'riihimaen-kaupunki','kunta',225,4,NULL,NULL,'','','Riihimäen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(226,'ristijarven-kunta','kunta',226,17,NULL,NULL,'','','Ristijärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(227,'rovaniemen-kaupunki','kunta',227,18,NULL,NULL,'','','Rovaniemen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(228,'ruokolahden-kunta','kunta',228,8,NULL,NULL,'','','Ruokolahden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(229,'ruoveden-kunta','kunta',229,5,NULL,NULL,'','','Ruoveden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(230,'ruskon-kunta','kunta',230,2,NULL,NULL,'','','Ruskon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(231,'raakkylan-kunta','kunta',231,11,NULL,NULL,'','','Rääkkylän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(232,'raaseporin-kaupunki','kunta',232,1,NULL,NULL,'','','Raaseporin kaupunki','Raseborgs stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(233,'saarijarven-kaupunki','kunta',233,12,NULL,NULL,'','','Saarijärven kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(234,'sallan-kunta','kunta',234,18,NULL,NULL,'','','Sallan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(235,'salon-kaupunki','kunta',235,2,NULL,NULL,'','','Salon kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(236,'saltvikin-kunta','kunta',236,19,NULL,NULL,'','','Saltvikin kunta','Saltviks kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(237,'sauvon-kunta','kunta',237,2,NULL,NULL,'','','Sauvon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(238,'savitaipaleen-kunta','kunta',238,8,NULL,NULL,'','','Savitaipaleen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(239,'savonlinnan-kaupunki','kunta',239,9,NULL,NULL,'','','Savonlinnan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(240,'savukosken-kunta','kunta',240,18,NULL,NULL,'','','Savukosken kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(241,'seinajoen-kaupunki','kunta',241,13,NULL,NULL,'','','Seinäjoen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(242,'sievin-kunta','kunta',242,16,NULL,NULL,'','','Sievin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(243,'siikaisten-kunta','kunta',243,3,NULL,NULL,'','','Siikaisten kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(244,'siikajoen-kunta','kunta',244,16,NULL,NULL,'','','Siikajoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(245,'siilinjarven-kunta','kunta',245,10,NULL,NULL,'','','Siilinjärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(246,'simon-kunta','kunta',246,18,NULL,NULL,'','','Simon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(247,'sipoon-kunta','kunta',247,1,NULL,NULL,'','','Sipoon kunta','Sibbo kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(248,'siuntion-kunta','kunta',248,1,NULL,NULL,'','','Siuntion kunta','Sjundeå kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(249,'sodankylan-kunta','kunta',249,18,NULL,NULL,'','','Sodankylän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(250,'soinin-kunta','kunta',250,13,NULL,NULL,'','','Soinin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(251,'someron-kaupunki','kunta',251,2,NULL,NULL,'','','Someron kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(252,'sonkajarven-kunta','kunta',252,10,NULL,NULL,'','','Sonkajärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(253,'sotkamon-kunta','kunta',253,17,NULL,NULL,'','','Sotkamon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(254,'sottungan-kunta','kunta',254,19,NULL,NULL,'','','Sottungan kunta','Sottunga kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(255,'sulkavan-kunta','kunta',255,9,NULL,NULL,'','','Sulkavan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(256,'sundin-kunta','kunta',256,19,NULL,NULL,'','','Sundin kunta','Sunds kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(257,'suomussalmen-kunta','kunta',257,17,NULL,NULL,'','','Suomussalmen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(258,'suonenjoen-kaupunki','kunta',258,10,NULL,NULL,'','','Suonenjoen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(259,'sysman-kunta','kunta',259,6,NULL,NULL,'','','Sysmän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(260,'sakylan-kunta','kunta',260,3,NULL,NULL,'','','Säkylän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(261,'vaalan-kunta','kunta',261,16,NULL,NULL,'','','Vaalan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(262,'sastamalan-kaupunki','kunta',262,5,NULL,NULL,'','','Sastamalan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(263,'siikalatvan-kunta','kunta',263,16,NULL,NULL,'','','Siikalatvan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(264,'taipalsaaren-kunta','kunta',264,8,NULL,NULL,'','','Taipalsaaren kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(265,'taivalkosken-kunta','kunta',265,16,NULL,NULL,'','','Taivalkosken kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(266,'taivassalon-kunta','kunta',266,2,NULL,NULL,'','','Taivassalon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(267,'tammelan-kunta','kunta',267,4,NULL,NULL,'','','Tammelan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(268,'tampereen-kaupunki','kunta',268,5,NULL,NULL,'','','Tampereen kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(269,'tervon-kunta','kunta',269,10,NULL,NULL,'','','Tervon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(270,'tervolan-kunta','kunta',270,18,NULL,NULL,'','','Tervolan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(271,'teuvan-kunta','kunta',271,13,NULL,NULL,'','','Teuvan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(272,'tohmajarven-kunta','kunta',272,11,NULL,NULL,'','','Tohmajärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(273,'toholammin-kunta','kunta',273,15,NULL,NULL,'','','Toholammin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(274,'toivakan-kunta','kunta',274,12,NULL,NULL,'','','Toivakan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(275,'tornion-kaupunki','kunta',275,18,NULL,NULL,'','','Tornion kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(276,'turun-kaupunki','kunta',276,2,NULL,NULL,'','','Turun kaupunki','Åbo stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(277,'pellon-kunta','kunta',277,18,NULL,NULL,'','','Pellon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(278,'tuusniemen-kunta','kunta',278,10,NULL,NULL,'','','Tuusniemen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(279,'tuusulan-kunta','kunta',279,1,NULL,NULL,'','','Tuusulan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(280,'tyrnavan-kunta','kunta',280,16,NULL,NULL,'','','Tyrnävän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(281,'ulvilan-kaupunki','kunta',281,3,NULL,NULL,'','','Ulvilan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(282,'urjalan-kunta','kunta',282,5,NULL,NULL,'','','Urjalan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(283,'utajarven-kunta','kunta',283,16,NULL,NULL,'','','Utajärven kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(284,'utsjoen-kunta','kunta',284,18,NULL,NULL,'','','Utsjoen kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(285,'uuraisten-kunta','kunta',285,12,NULL,NULL,'','','Uuraisten kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(286,'uudenkaarlepyyn-kaupunki','kunta',286,14,NULL,NULL,'','','Uudenkaarlepyyn kaupunki','Nykarleby stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(287,'uudenkaupungin-kaupunki','kunta',287,2,NULL,NULL,'','','Uudenkaupungin kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(288,'vaasan-kaupunki','kunta',288,14,NULL,NULL,'','','Vaasan kaupunki','Vasa stad',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(289,'valkeakosken-kaupunki','kunta',289,5,NULL,NULL,'','','Valkeakosken kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(290,'varkauden-kaupunki','kunta',290,10,NULL,NULL,'','','Varkauden kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(291,'vehmaan-kunta','kunta',291,2,NULL,NULL,'','','Vehmaan kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(292,'vesannon-kunta','kunta',292,10,NULL,NULL,'','','Vesannon kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(293,'vesilahden-kunta','kunta',293,5,NULL,NULL,'','','Vesilahden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(294,'vetelin-kunta','kunta',294,15,NULL,NULL,'','','Vetelin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(295,'viereman-kunta','kunta',295,10,NULL,NULL,'','','Vieremän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(296,'vihdin-kunta','kunta',296,1,NULL,NULL,'','','Vihdin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(297,'viitasaaren-kaupunki','kunta',297,12,NULL,NULL,'','','Viitasaaren kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(298,'vimpelin-kunta','kunta',298,13,NULL,NULL,'','','Vimpelin kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(299,'virolahden-kunta','kunta',299,7,NULL,NULL,'','','Virolahden kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(300,'virtain-kaupunki','kunta',300,5,NULL,NULL,'','','Virtain kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(301,'vardon-kunta','kunta',301,19,NULL,NULL,'','','Vårdön kunta','Vårdö kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(302,'voyrin-kunta','kunta',302,14,NULL,NULL,'','','Vöyrin kunta','Vörå kommun',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(303,'ylitornion-kunta','kunta',303,18,NULL,NULL,'','','Ylitornion kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(304,'ylivieskan-kaupunki','kunta',304,16,NULL,NULL,'','','Ylivieskan kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(305,'ylojarven-kaupunki','kunta',305,5,NULL,NULL,'','','Ylöjärven kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(306,'ypajan-kunta','kunta',306,4,NULL,NULL,'','','Ypäjän kunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(307,'ahtarin-kaupunki','kunta',307,13,NULL,NULL,'','','Ähtärin kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(308,'aanekosken-kaupunki','kunta',308,12,NULL,NULL,'','','Äänekosken kaupunki',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(309,'ita-uudenmaan-hyvinvointialue','hyvinvointialue',NULL,1,NULL,NULL,'','','Itä-Uudenmaan hyvinvointialue','Östra Nylands välfärdsområde','East Uusimaa wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(310,'keski-uudenmaan-hyvinvointialue','hyvinvointialue',NULL,1,NULL,NULL,'','','Keski-Uudenmaan hyvinvointialue','Mellersta Nylands välfärdsområde','Central Uusimaa wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(311,'lansi-uudenmaan-hyvinvointialue','hyvinvointialue',NULL,1,NULL,NULL,'','','Länsi-Uudenmaan hyvinvointialue','Västra Nylands välfärdsområde','West Uusimaa wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(312,'vantaan-ja-keravan-hyvinvointialue','hyvinvointialue',NULL,1,NULL,NULL,'','','Vantaan ja Keravan hyvinvointialue','Vanda och Kervo välfärdsområde','Vantaa and Kerava wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(313,'varsinais-suomen-hyvinvointialue','hyvinvointialue',NULL,2,NULL,NULL,'','','Varsinais-Suomen hyvinvointialue','Egentliga Finlands välfärdsområde','Southwest Finland wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(314,'satakunnan-hyvinvointialue','hyvinvointialue',NULL,3,NULL,NULL,'','','Satakunnan hyvinvointialue','Satakunta välfärdsområde','Satakunta wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(315,'kanta-hameen-hyvinvointialue','hyvinvointialue',NULL,4,NULL,NULL,'','','Kanta-Hämeen hyvinvointialue','Egentliga Tavastlands välfärdsområde','Kanta-Häme wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(316,'pirkanmaan-hyvinvointialue','hyvinvointialue',NULL,5,NULL,NULL,'','','Pirkanmaan hyvinvointialue','Birkalands välfärdsområde','Pirkanmaa wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(317,'paijat-hameen-hyvinvointialue','hyvinvointialue',NULL,6,NULL,NULL,'','','Päijät-Hämeen hyvinvointialue','Päijänne-Tavastlands välfärdsområde','Päijät-Häme wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(318,'kymenlaakson-hyvinvointialue','hyvinvointialue',NULL,7,NULL,NULL,'','','Kymenlaakson hyvinvointialue','Kymmenedalens välfärdsområde','Kymenlaakso wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(319,'etela-karjalan-hyvinvointialue','hyvinvointialue',NULL,8,NULL,NULL,'','','Etelä-Karjalan hyvinvointialue','Södra Karelens välfärdsområde','South Karelia wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(320,'etela-savon-hyvinvointialue','hyvinvointialue',NULL,9,NULL,NULL,'','','Etelä-Savon hyvinvointialue','Södra Savolax välfärdsområde','South Savo wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(321,'pohjois-savon-hyvinvointialue','hyvinvointialue',NULL,10,NULL,NULL,'','','Pohjois-Savon hyvinvointialue','Norra Savolax välfärdsområde','North Savo wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(322,'pohjois-karjalan-hyvinvointialue','hyvinvointialue',NULL,11,NULL,NULL,'','','Pohjois-Karjalan hyvinvointialue','Norra Karelens välfärdsområde','North Karelia wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(323,'keski-suomen-hyvinvointialue','hyvinvointialue',NULL,12,NULL,NULL,'','','Keski-Suomen hyvinvointialue','Mellersta Finlands välfärdsområde','Central Finland wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(324,'etela-pohjanmaan-hyvinvointialue','hyvinvointialue',NULL,13,NULL,NULL,'','','Etelä-Pohjanmaan hyvinvointialue','Södra Österbottens välfärdsområde','South Ostrobothnia wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(325,'pohjanmaan-hyvinvointialue','hyvinvointialue',NULL,14,NULL,NULL,'','','Pohjanmaan hyvinvointialue','Österbottens välfärdsområde','Ostrobothnia wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(326,'keski-pohjanmaan-hyvinvointialue','hyvinvointialue',NULL,15,NULL,NULL,'','','Keski-Pohjanmaan hyvinvointialue','Mellersta Österbottens välfärdsområde','Central Ostrobothnia wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(327,'pohjois-pohjanmaan-hyvinvointialue','hyvinvointialue',NULL,16,NULL,NULL,'','','Pohjois-Pohjanmaan hyvinvointialue','Norra Österbottens välfärdsområde','North Ostrobothnia wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(328,'kainuun-hyvinvointialue','hyvinvointialue',NULL,17,NULL,NULL,'','','Kainuun hyvinvointialue','Kajanalands välfärdsområde','Kainuu wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(329,'lapin-hyvinvointialue','hyvinvointialue',NULL,18,NULL,NULL,'','','Lapin hyvinvointialue','Lapplands välfärdsområde','Lapland wellbeing services county','2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(330,'eksote','kuntayhtyma',NULL,8,319,'2022-12-31','','Toiminta päättyi vuoden 2022 lopussa. Palveluista vastaa nyt Etelä-Karjalan hyvinvointialue.','Etelä-Karjalan sosiaali- ja terveyspiiri (Eksote)','Södra Karelens social- och hälsovårdsdistrikt (Eksote)',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(331,'hsl','kuntayhtyma',NULL,1,NULL,NULL,'','','Helsingin seudun liikenne -kuntayhtymä (HSL)','Samkommunen Helsingforsregionens trafik (HRT)',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(332,'jamsan-kaupungin-elinkeinoyhtio','kuntayhtio',66,12,NULL,NULL,'','Lähde ei kerro yhtiön nimeä.','Jämsän kaupungin elinkeinoyhtiö',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(333,'jarvenpaan-ateria-ja-siivouspalvelut-jatsi','kuntayhtio',67,1,NULL,NULL,'','','Järvenpään ateria- ja siivouspalvelut Jatsi Oy',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(334,'jarvi-saimaan-palvelut','kuntayhtio',NULL,9,NULL,NULL,'','','Järvi-Saimaan Palvelut Oy',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(335,'kaakkois-suomen-ammattikorkeakoulu-xamk','kuntayhtio',NULL,9,NULL,NULL,'','','Kaakkois-Suomen ammattikorkeakoulu Oy',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(336,'kaustisen-seutukunta','muu',NULL,15,NULL,NULL,'','Seutukunnan kuntien yhteinen kehittäminen; lähde ei luettele kuntia.','Kaustisen seutukunta',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(337,'koulutuskeskus-sedu','kuntayhtyma',NULL,13,NULL,NULL,'','','Koulutuskeskus Sedu',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(338,'kt-kuntatyonantajat','muu',NULL,NULL,NULL,NULL,'','Teoissa ajankohdan nimi. Nykyinen nimi on Kunta- ja hyvinvointialuetyönantajat KT.','KT Kuntatyönantajat','KT Kommunarbetsgivarna',NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(339,'paijat-hameen-hyvinvointiyhtyma','kuntayhtyma',NULL,6,317,'2022-12-31','','Toiminta päättyi vuoden 2022 lopussa. Palveluista vastaa nyt Päijät-Hämeen hyvinvointialue.','Päijät-Hämeen hyvinvointiyhtymä',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(340,'pellon-serviisi','kuntayhtio',277,18,NULL,NULL,'','','Pellon Serviisi Oy',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(341,'peruspalvelukuntayhtyma-selanne','kuntayhtyma',NULL,16,327,'2022-12-31','','Toiminta päättyi vuoden 2022 lopussa. Palveluista vastaa nyt Pohjois-Pohjanmaan hyvinvointialue.','Peruspalvelukuntayhtymä Selänne',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(342,'perusturvakuntayhtyma-akseli','kuntayhtyma',NULL,2,313,'2022-12-31','','Toiminta päättyi vuoden 2022 lopussa. Palveluista vastaa nyt Varsinais-Suomen hyvinvointialue.','Perusturvakuntayhtymä Akseli',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(343,'tampereen-korkeakoulusaatio','muu',268,5,NULL,NULL,'','','Tampereen korkeakoulusäätiö sr',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
INSERT INTO "organisation" VALUES(344,'tekojen-torin-toimitus','muu',NULL,NULL,NULL,NULL,'','Toimituksen oma tunnus: sen nimellä ovat luonnokset, joiden tekijäorganisaatiota lähde ei kerro.','Tekojen torin toimitus',NULL,NULL,'2026-11-09 04:00:00.000000',NULL);
CREATE TABLE organisation_domain (
	domain VARCHAR(253) NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	CONSTRAINT pk_organisation_domain PRIMARY KEY (domain), 
	CONSTRAINT fk_organisation_domain_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE
);
INSERT INTO "organisation_domain" VALUES('alajarvi.fi',1);
INSERT INTO "organisation_domain" VALUES('alavieska.fi',2);
INSERT INTO "organisation_domain" VALUES('alavus.fi',3);
INSERT INTO "organisation_domain" VALUES('asikkala.fi',4);
INSERT INTO "organisation_domain" VALUES('askola.fi',5);
INSERT INTO "organisation_domain" VALUES('aura.fi',6);
INSERT INTO "organisation_domain" VALUES('akaa.fi',7);
INSERT INTO "organisation_domain" VALUES('brando.ax',8);
INSERT INTO "organisation_domain" VALUES('eckero.ax',9);
INSERT INTO "organisation_domain" VALUES('enonkoski.fi',10);
INSERT INTO "organisation_domain" VALUES('enontekio.fi',11);
INSERT INTO "organisation_domain" VALUES('espoo.fi',12);
INSERT INTO "organisation_domain" VALUES('eura.fi',13);
INSERT INTO "organisation_domain" VALUES('eurajoki.fi',14);
INSERT INTO "organisation_domain" VALUES('evijarvi.fi',15);
INSERT INTO "organisation_domain" VALUES('finstrom.ax',16);
INSERT INTO "organisation_domain" VALUES('forssa.fi',17);
INSERT INTO "organisation_domain" VALUES('foglo.ax',18);
INSERT INTO "organisation_domain" VALUES('geta.ax',19);
INSERT INTO "organisation_domain" VALUES('haapajarvi.fi',20);
INSERT INTO "organisation_domain" VALUES('haapavesi.fi',21);
INSERT INTO "organisation_domain" VALUES('hailuoto.fi',22);
INSERT INTO "organisation_domain" VALUES('halsua.fi',23);
INSERT INTO "organisation_domain" VALUES('hamina.fi',24);
INSERT INTO "organisation_domain" VALUES('hammarland.ax',25);
INSERT INTO "organisation_domain" VALUES('hankasalmi.fi',26);
INSERT INTO "organisation_domain" VALUES('hanko.fi',27);
INSERT INTO "organisation_domain" VALUES('harjavalta.fi',28);
INSERT INTO "organisation_domain" VALUES('hartola.fi',29);
INSERT INTO "organisation_domain" VALUES('hattula.fi',30);
INSERT INTO "organisation_domain" VALUES('hausjarvi.fi',31);
INSERT INTO "organisation_domain" VALUES('heinavesi.fi',32);
INSERT INTO "organisation_domain" VALUES('hel.fi',33);
INSERT INTO "organisation_domain" VALUES('vantaa.fi',34);
INSERT INTO "organisation_domain" VALUES('hirvensalmi.fi',35);
INSERT INTO "organisation_domain" VALUES('hollola.fi',36);
INSERT INTO "organisation_domain" VALUES('huittinen.fi',37);
INSERT INTO "organisation_domain" VALUES('humppila.fi',38);
INSERT INTO "organisation_domain" VALUES('hyrynsalmi.fi',39);
INSERT INTO "organisation_domain" VALUES('hyvinkaa.fi',40);
INSERT INTO "organisation_domain" VALUES('hameenkyro.fi',41);
INSERT INTO "organisation_domain" VALUES('hameenlinna.fi',42);
INSERT INTO "organisation_domain" VALUES('heinola.fi',43);
INSERT INTO "organisation_domain" VALUES('ii.fi',44);
INSERT INTO "organisation_domain" VALUES('iisalmi.fi',45);
INSERT INTO "organisation_domain" VALUES('iitti.fi',46);
INSERT INTO "organisation_domain" VALUES('ikaalinen.fi',47);
INSERT INTO "organisation_domain" VALUES('ilmajoki.fi',48);
INSERT INTO "organisation_domain" VALUES('ilomantsi.fi',49);
INSERT INTO "organisation_domain" VALUES('inari.fi',50);
INSERT INTO "organisation_domain" VALUES('inkoo.fi',51);
INSERT INTO "organisation_domain" VALUES('isojoki.fi',52);
INSERT INTO "organisation_domain" VALUES('isokyro.fi',53);
INSERT INTO "organisation_domain" VALUES('imatra.fi',54);
INSERT INTO "organisation_domain" VALUES('janakkala.fi',55);
INSERT INTO "organisation_domain" VALUES('joensuu.fi',56);
INSERT INTO "organisation_domain" VALUES('jokioinen.fi',57);
INSERT INTO "organisation_domain" VALUES('jomala.ax',58);
INSERT INTO "organisation_domain" VALUES('joroinen.fi',59);
INSERT INTO "organisation_domain" VALUES('joutsa.fi',60);
INSERT INTO "organisation_domain" VALUES('juuka.fi',61);
INSERT INTO "organisation_domain" VALUES('juupajoki.fi',62);
INSERT INTO "organisation_domain" VALUES('juva.fi',63);
INSERT INTO "organisation_domain" VALUES('jyvaskyla.fi',64);
INSERT INTO "organisation_domain" VALUES('jamijarvi.fi',65);
INSERT INTO "organisation_domain" VALUES('jamsa.fi',66);
INSERT INTO "organisation_domain" VALUES('jarvenpaa.fi',67);
INSERT INTO "organisation_domain" VALUES('kaarina.fi',68);
INSERT INTO "organisation_domain" VALUES('kaavi.fi',69);
INSERT INTO "organisation_domain" VALUES('kajaani.fi',70);
INSERT INTO "organisation_domain" VALUES('kalajoki.fi',71);
INSERT INTO "organisation_domain" VALUES('kangasala.fi',72);
INSERT INTO "organisation_domain" VALUES('kangasniemi.fi',73);
INSERT INTO "organisation_domain" VALUES('kankaanpaa.fi',74);
INSERT INTO "organisation_domain" VALUES('kannonkoski.fi',75);
INSERT INTO "organisation_domain" VALUES('kannus.fi',76);
INSERT INTO "organisation_domain" VALUES('karijoki.fi',77);
INSERT INTO "organisation_domain" VALUES('karkkila.fi',78);
INSERT INTO "organisation_domain" VALUES('karstula.fi',79);
INSERT INTO "organisation_domain" VALUES('karvia.fi',80);
INSERT INTO "organisation_domain" VALUES('kaskinen.fi',81);
INSERT INTO "organisation_domain" VALUES('kauhajoki.fi',82);
INSERT INTO "organisation_domain" VALUES('kauhava.fi',83);
INSERT INTO "organisation_domain" VALUES('kauniainen.fi',84);
INSERT INTO "organisation_domain" VALUES('grankulla.fi',84);
INSERT INTO "organisation_domain" VALUES('kaustinen.fi',85);
INSERT INTO "organisation_domain" VALUES('keitele.fi',86);
INSERT INTO "organisation_domain" VALUES('kemi.fi',87);
INSERT INTO "organisation_domain" VALUES('keminmaa.fi',88);
INSERT INTO "organisation_domain" VALUES('kempele.fi',89);
INSERT INTO "organisation_domain" VALUES('kerava.fi',90);
INSERT INTO "organisation_domain" VALUES('keuruu.fi',91);
INSERT INTO "organisation_domain" VALUES('kihnio.fi',92);
INSERT INTO "organisation_domain" VALUES('kinnula.fi',93);
INSERT INTO "organisation_domain" VALUES('kirkkonummi.fi',94);
INSERT INTO "organisation_domain" VALUES('kitee.fi',95);
INSERT INTO "organisation_domain" VALUES('kittila.fi',96);
INSERT INTO "organisation_domain" VALUES('kiuruvesi.fi',97);
INSERT INTO "organisation_domain" VALUES('kivijarvi.fi',98);
INSERT INTO "organisation_domain" VALUES('kokemaki.fi',99);
INSERT INTO "organisation_domain" VALUES('kokkola.fi',100);
INSERT INTO "organisation_domain" VALUES('kolari.fi',101);
INSERT INTO "organisation_domain" VALUES('konnevesi.fi',102);
INSERT INTO "organisation_domain" VALUES('kontiolahti.fi',103);
INSERT INTO "organisation_domain" VALUES('korsnas.fi',104);
INSERT INTO "organisation_domain" VALUES('koski.fi',105);
INSERT INTO "organisation_domain" VALUES('kotka.fi',106);
INSERT INTO "organisation_domain" VALUES('kouvola.fi',107);
INSERT INTO "organisation_domain" VALUES('krs.fi',108);
INSERT INTO "organisation_domain" VALUES('kronoby.fi',109);
INSERT INTO "organisation_domain" VALUES('kuhmo.fi',110);
INSERT INTO "organisation_domain" VALUES('kuhmoinen.fi',111);
INSERT INTO "organisation_domain" VALUES('kumlinge.ax',112);
INSERT INTO "organisation_domain" VALUES('kuopio.fi',113);
INSERT INTO "organisation_domain" VALUES('kuortane.fi',114);
INSERT INTO "organisation_domain" VALUES('kurikka.fi',115);
INSERT INTO "organisation_domain" VALUES('kustavi.fi',116);
INSERT INTO "organisation_domain" VALUES('kuusamo.fi',117);
INSERT INTO "organisation_domain" VALUES('outokummunkaupunki.fi',118);
INSERT INTO "organisation_domain" VALUES('kyyjarvi.fi',119);
INSERT INTO "organisation_domain" VALUES('karkola.fi',120);
INSERT INTO "organisation_domain" VALUES('karsamaki.fi',121);
INSERT INTO "organisation_domain" VALUES('kokar.ax',122);
INSERT INTO "organisation_domain" VALUES('kemijarvi.fi',123);
INSERT INTO "organisation_domain" VALUES('kimitoon.fi',124);
INSERT INTO "organisation_domain" VALUES('kemionsaari.fi',124);
INSERT INTO "organisation_domain" VALUES('lahti.fi',125);
INSERT INTO "organisation_domain" VALUES('laihia.fi',126);
INSERT INTO "organisation_domain" VALUES('laitila.fi',127);
INSERT INTO "organisation_domain" VALUES('lapinlahti.fi',128);
INSERT INTO "organisation_domain" VALUES('lappajarvi.fi',129);
INSERT INTO "organisation_domain" VALUES('lappeenranta.fi',130);
INSERT INTO "organisation_domain" VALUES('lapinjarvi.fi',131);
INSERT INTO "organisation_domain" VALUES('lapua.fi',132);
INSERT INTO "organisation_domain" VALUES('laukaa.fi',133);
INSERT INTO "organisation_domain" VALUES('lemi.fi',134);
INSERT INTO "organisation_domain" VALUES('lemland.ax',135);
INSERT INTO "organisation_domain" VALUES('lempaala.fi',136);
INSERT INTO "organisation_domain" VALUES('leppavirta.fi',137);
INSERT INTO "organisation_domain" VALUES('lestijarvi.fi',138);
INSERT INTO "organisation_domain" VALUES('lieksa.fi',139);
INSERT INTO "organisation_domain" VALUES('lieto.fi',140);
INSERT INTO "organisation_domain" VALUES('liminka.fi',141);
INSERT INTO "organisation_domain" VALUES('liperi.fi',142);
INSERT INTO "organisation_domain" VALUES('loimaa.fi',143);
INSERT INTO "organisation_domain" VALUES('loppi.fi',144);
INSERT INTO "organisation_domain" VALUES('loviisa.fi',145);
INSERT INTO "organisation_domain" VALUES('luhanka.fi',146);
INSERT INTO "organisation_domain" VALUES('lumijoki.fi',147);
INSERT INTO "organisation_domain" VALUES('lumparland.ax',148);
INSERT INTO "organisation_domain" VALUES('larsmo.fi',149);
INSERT INTO "organisation_domain" VALUES('luumaki.fi',150);
INSERT INTO "organisation_domain" VALUES('lohja.fi',151);
INSERT INTO "organisation_domain" VALUES('parainen.fi',152);
INSERT INTO "organisation_domain" VALUES('pargas.fi',152);
INSERT INTO "organisation_domain" VALUES('malax.fi',153);
INSERT INTO "organisation_domain" VALUES('mariehamn.ax',154);
INSERT INTO "organisation_domain" VALUES('marttila.fi',155);
INSERT INTO "organisation_domain" VALUES('masku.fi',156);
INSERT INTO "organisation_domain" VALUES('merijarvi.fi',157);
INSERT INTO "organisation_domain" VALUES('merikarvia.fi',158);
INSERT INTO "organisation_domain" VALUES('miehikkala.fi',159);
INSERT INTO "organisation_domain" VALUES('mikkeli.fi',160);
INSERT INTO "organisation_domain" VALUES('muhos.fi',161);
INSERT INTO "organisation_domain" VALUES('multia.fi',162);
INSERT INTO "organisation_domain" VALUES('muonio.fi',163);
INSERT INTO "organisation_domain" VALUES('korsholm.fi',164);
INSERT INTO "organisation_domain" VALUES('mustasaari.fi',164);
INSERT INTO "organisation_domain" VALUES('muurame.fi',165);
INSERT INTO "organisation_domain" VALUES('mynamaki.fi',166);
INSERT INTO "organisation_domain" VALUES('myrskyla.fi',167);
INSERT INTO "organisation_domain" VALUES('mantsala.fi',168);
INSERT INTO "organisation_domain" VALUES('mantyharju.fi',169);
INSERT INTO "organisation_domain" VALUES('manttavilppula.fi',170);
INSERT INTO "organisation_domain" VALUES('naantali.fi',171);
INSERT INTO "organisation_domain" VALUES('nakkila.fi',172);
INSERT INTO "organisation_domain" VALUES('nivala.fi',173);
INSERT INTO "organisation_domain" VALUES('nokiankaupunki.fi',174);
INSERT INTO "organisation_domain" VALUES('nousiainen.fi',175);
INSERT INTO "organisation_domain" VALUES('nurmes.fi',176);
INSERT INTO "organisation_domain" VALUES('nurmijarvi.fi',177);
INSERT INTO "organisation_domain" VALUES('narpes.fi',178);
INSERT INTO "organisation_domain" VALUES('orimattila.fi',179);
INSERT INTO "organisation_domain" VALUES('oripaa.fi',180);
INSERT INTO "organisation_domain" VALUES('orivesi.fi',181);
INSERT INTO "organisation_domain" VALUES('oulainen.fi',182);
INSERT INTO "organisation_domain" VALUES('ouka.fi',183);
INSERT INTO "organisation_domain" VALUES('padasjoki.fi',184);
INSERT INTO "organisation_domain" VALUES('paimio.fi',185);
INSERT INTO "organisation_domain" VALUES('paltamo.fi',186);
INSERT INTO "organisation_domain" VALUES('parikkala.fi',187);
INSERT INTO "organisation_domain" VALUES('parkano.fi',188);
INSERT INTO "organisation_domain" VALUES('pelkosenniemi.fi',189);
INSERT INTO "organisation_domain" VALUES('perho.fi',190);
INSERT INTO "organisation_domain" VALUES('petajavesi.fi',191);
INSERT INTO "organisation_domain" VALUES('pieksamaki.fi',192);
INSERT INTO "organisation_domain" VALUES('pielavesi.fi',193);
INSERT INTO "organisation_domain" VALUES('jakobstad.fi',194);
INSERT INTO "organisation_domain" VALUES('pedersore.fi',195);
INSERT INTO "organisation_domain" VALUES('pihtipudas.fi',196);
INSERT INTO "organisation_domain" VALUES('pirkkala.fi',197);
INSERT INTO "organisation_domain" VALUES('polvijarvi.fi',198);
INSERT INTO "organisation_domain" VALUES('pomarkku.fi',199);
INSERT INTO "organisation_domain" VALUES('pori.fi',200);
INSERT INTO "organisation_domain" VALUES('pornainen.fi',201);
INSERT INTO "organisation_domain" VALUES('posio.fi',202);
INSERT INTO "organisation_domain" VALUES('pudasjarvi.fi',203);
INSERT INTO "organisation_domain" VALUES('pukkila.fi',204);
INSERT INTO "organisation_domain" VALUES('punkalaidun.fi',205);
INSERT INTO "organisation_domain" VALUES('puolanka.fi',206);
INSERT INTO "organisation_domain" VALUES('puumala.fi',207);
INSERT INTO "organisation_domain" VALUES('pyhtaa.fi',208);
INSERT INTO "organisation_domain" VALUES('pyhajoki.fi',209);
INSERT INTO "organisation_domain" VALUES('pyhajarvi.fi',210);
INSERT INTO "organisation_domain" VALUES('pyhanta.fi',211);
INSERT INTO "organisation_domain" VALUES('pyharanta.fi',212);
INSERT INTO "organisation_domain" VALUES('palkane.fi',213);
INSERT INTO "organisation_domain" VALUES('poytya.fi',214);
INSERT INTO "organisation_domain" VALUES('porvoo.fi',215);
INSERT INTO "organisation_domain" VALUES('raahe.fi',216);
INSERT INTO "organisation_domain" VALUES('raisio.fi',217);
INSERT INTO "organisation_domain" VALUES('rantasalmi.fi',218);
INSERT INTO "organisation_domain" VALUES('ranua.fi',219);
INSERT INTO "organisation_domain" VALUES('rauma.fi',220);
INSERT INTO "organisation_domain" VALUES('rautalampi.fi',221);
INSERT INTO "organisation_domain" VALUES('rautavaara.fi',222);
INSERT INTO "organisation_domain" VALUES('rautjarvi.fi',223);
INSERT INTO "organisation_domain" VALUES('reisjarvi.fi',224);
INSERT INTO "organisation_domain" VALUES('riihimaki.fi',225);
INSERT INTO "organisation_domain" VALUES('ristijarvi.fi',226);
INSERT INTO "organisation_domain" VALUES('rovaniemi.fi',227);
INSERT INTO "organisation_domain" VALUES('ruokolahti.fi',228);
INSERT INTO "organisation_domain" VALUES('ruovesi.fi',229);
INSERT INTO "organisation_domain" VALUES('rusko.fi',230);
INSERT INTO "organisation_domain" VALUES('raakkyla.fi',231);
INSERT INTO "organisation_domain" VALUES('raasepori.fi',232);
INSERT INTO "organisation_domain" VALUES('raseborg.fi',232);
INSERT INTO "organisation_domain" VALUES('saarijarvi.fi',233);
INSERT INTO "organisation_domain" VALUES('salla.fi',234);
INSERT INTO "organisation_domain" VALUES('salo.fi',235);
INSERT INTO "organisation_domain" VALUES('saltvik.ax',236);
INSERT INTO "organisation_domain" VALUES('sauvo.fi',237);
INSERT INTO "organisation_domain" VALUES('savitaipale.fi',238);
INSERT INTO "organisation_domain" VALUES('savonlinna.fi',239);
INSERT INTO "organisation_domain" VALUES('savukoski.fi',240);
INSERT INTO "organisation_domain" VALUES('seinajoki.fi',241);
INSERT INTO "organisation_domain" VALUES('sievi.fi',242);
INSERT INTO "organisation_domain" VALUES('siikainen.fi',243);
INSERT INTO "organisation_domain" VALUES('siikajoki.fi',244);
INSERT INTO "organisation_domain" VALUES('siilinjarvi.fi',245);
INSERT INTO "organisation_domain" VALUES('simo.fi',246);
INSERT INTO "organisation_domain" VALUES('sipoo.fi',247);
INSERT INTO "organisation_domain" VALUES('siuntio.fi',248);
INSERT INTO "organisation_domain" VALUES('sodankyla.fi',249);
INSERT INTO "organisation_domain" VALUES('soini.fi',250);
INSERT INTO "organisation_domain" VALUES('somero.fi',251);
INSERT INTO "organisation_domain" VALUES('sonkajarvi.fi',252);
INSERT INTO "organisation_domain" VALUES('sotkamo.fi',253);
INSERT INTO "organisation_domain" VALUES('sottunga.ax',254);
INSERT INTO "organisation_domain" VALUES('sulkava.fi',255);
INSERT INTO "organisation_domain" VALUES('sund.ax',256);
INSERT INTO "organisation_domain" VALUES('suomussalmi.fi',257);
INSERT INTO "organisation_domain" VALUES('suonenjoki.fi',258);
INSERT INTO "organisation_domain" VALUES('sysma.fi',259);
INSERT INTO "organisation_domain" VALUES('sakyla.fi',260);
INSERT INTO "organisation_domain" VALUES('vaala.fi',261);
INSERT INTO "organisation_domain" VALUES('sastamala.fi',262);
INSERT INTO "organisation_domain" VALUES('siikalatva.fi',263);
INSERT INTO "organisation_domain" VALUES('taipalsaari.fi',264);
INSERT INTO "organisation_domain" VALUES('taivalkoski.fi',265);
INSERT INTO "organisation_domain" VALUES('taivassalo.fi',266);
INSERT INTO "organisation_domain" VALUES('tammela.fi',267);
INSERT INTO "organisation_domain" VALUES('tampere.fi',268);
INSERT INTO "organisation_domain" VALUES('tervo.fi',269);
INSERT INTO "organisation_domain" VALUES('tervola.fi',270);
INSERT INTO "organisation_domain" VALUES('teuva.fi',271);
INSERT INTO "organisation_domain" VALUES('tohmajarvi.fi',272);
INSERT INTO "organisation_domain" VALUES('toholampi.fi',273);
INSERT INTO "organisation_domain" VALUES('toivakka.fi',274);
INSERT INTO "organisation_domain" VALUES('tornio.fi',275);
INSERT INTO "organisation_domain" VALUES('turku.fi',276);
INSERT INTO "organisation_domain" VALUES('pello.fi',277);
INSERT INTO "organisation_domain" VALUES('tuusniemi.fi',278);
INSERT INTO "organisation_domain" VALUES('tuusula.fi',279);
INSERT INTO "organisation_domain" VALUES('tyrnava.fi',280);
INSERT INTO "organisation_domain" VALUES('ulvila.fi',281);
INSERT INTO "organisation_domain" VALUES('urjala.fi',282);
INSERT INTO "organisation_domain" VALUES('utajarvi.fi',283);
INSERT INTO "organisation_domain" VALUES('utsjoki.fi',284);
INSERT INTO "organisation_domain" VALUES('uurainen.fi',285);
INSERT INTO "organisation_domain" VALUES('nykarleby.fi',286);
INSERT INTO "organisation_domain" VALUES('uusikaupunki.fi',287);
INSERT INTO "organisation_domain" VALUES('vaasa.fi',288);
INSERT INTO "organisation_domain" VALUES('valkeakoski.fi',289);
INSERT INTO "organisation_domain" VALUES('varkaus.fi',290);
INSERT INTO "organisation_domain" VALUES('vehmaa.fi',291);
INSERT INTO "organisation_domain" VALUES('vesanto.fi',292);
INSERT INTO "organisation_domain" VALUES('vesilahti.fi',293);
INSERT INTO "organisation_domain" VALUES('veteli.fi',294);
INSERT INTO "organisation_domain" VALUES('vierema.fi',295);
INSERT INTO "organisation_domain" VALUES('vihti.fi',296);
INSERT INTO "organisation_domain" VALUES('viitasaari.fi',297);
INSERT INTO "organisation_domain" VALUES('vimpeli.fi',298);
INSERT INTO "organisation_domain" VALUES('virolahti.fi',299);
INSERT INTO "organisation_domain" VALUES('virrat.fi',300);
INSERT INTO "organisation_domain" VALUES('vardo.ax',301);
INSERT INTO "organisation_domain" VALUES('vora.fi',302);
INSERT INTO "organisation_domain" VALUES('ylitornio.fi',303);
INSERT INTO "organisation_domain" VALUES('ylivieska.fi',304);
INSERT INTO "organisation_domain" VALUES('ylojarvi.fi',305);
INSERT INTO "organisation_domain" VALUES('ypaja.fi',306);
INSERT INTO "organisation_domain" VALUES('ahtari.fi',307);
INSERT INTO "organisation_domain" VALUES('aanekoski.fi',308);
INSERT INTO "organisation_domain" VALUES('itauusimaa.fi',309);
INSERT INTO "organisation_domain" VALUES('keusote.fi',310);
INSERT INTO "organisation_domain" VALUES('luvn.fi',311);
INSERT INTO "organisation_domain" VALUES('vakehyva.fi',312);
INSERT INTO "organisation_domain" VALUES('varha.fi',313);
INSERT INTO "organisation_domain" VALUES('sata.fi',314);
INSERT INTO "organisation_domain" VALUES('omahame.fi',315);
INSERT INTO "organisation_domain" VALUES('pirha.fi',316);
INSERT INTO "organisation_domain" VALUES('paijatha.fi',317);
INSERT INTO "organisation_domain" VALUES('kymenhva.fi',318);
INSERT INTO "organisation_domain" VALUES('ekhva.fi',319);
INSERT INTO "organisation_domain" VALUES('etelasavonha.fi',320);
INSERT INTO "organisation_domain" VALUES('pshyvinvointialue.fi',321);
INSERT INTO "organisation_domain" VALUES('siunsote.fi',322);
INSERT INTO "organisation_domain" VALUES('hyvaks.fi',323);
INSERT INTO "organisation_domain" VALUES('hyvaep.fi',324);
INSERT INTO "organisation_domain" VALUES('ovph.fi',325);
INSERT INTO "organisation_domain" VALUES('soite.fi',326);
INSERT INTO "organisation_domain" VALUES('pohde.fi',327);
INSERT INTO "organisation_domain" VALUES('kainuu.fi',328);
INSERT INTO "organisation_domain" VALUES('lapha.fi',329);
CREATE TABLE organisation_name (
	id INTEGER NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	name_sv VARCHAR(300), 
	until DATE NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_organisation_name PRIMARY KEY (id), 
	CONSTRAINT fk_organisation_name_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE TABLE outbox_mail (
	id INTEGER NOT NULL, 
	event VARCHAR(50) NOT NULL, 
	recipient VARCHAR(254) NOT NULL, 
	subject VARCHAR(300) NOT NULL, 
	body_text TEXT NOT NULL, 
	body_html TEXT NOT NULL, 
	message_id VARCHAR(200) NOT NULL, 
	due_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	failed_at DATETIME, 
	attempts INTEGER NOT NULL, 
	last_error TEXT NOT NULL, 
	created_at DATETIME NOT NULL, headers JSON, 
	CONSTRAINT pk_outbox_mail PRIMARY KEY (id), 
	CONSTRAINT uq_outbox_mail_message_id UNIQUE (message_id)
);
CREATE TABLE partner_call (
	id INTEGER NOT NULL, 
	deed_id INTEGER, 
	wish_id INTEGER, 
	author_id INTEGER, 
	organisation_id INTEGER NOT NULL, 
	purpose TEXT NOT NULL, 
	offer TEXT NOT NULL, 
	until DATE NOT NULL, 
	closed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_partner_call PRIMARY KEY (id), 
	CONSTRAINT fk_partner_call_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_partner_call_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partner_call_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_partner_call_wish_id_wish FOREIGN KEY(wish_id) REFERENCES wish (id) ON DELETE CASCADE
);
CREATE TABLE partner_interest (
	id INTEGER NOT NULL, 
	call_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	message TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_partner_interest PRIMARY KEY (id), 
	CONSTRAINT fk_partner_interest_call_id_partner_call FOREIGN KEY(call_id) REFERENCES partner_call (id) ON DELETE CASCADE, 
	CONSTRAINT fk_partner_interest_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_partner_interest_call_id_user_id UNIQUE (call_id, user_id)
);
CREATE TABLE picture (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	files JSON NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	alt VARCHAR(300) NOT NULL, 
	is_decorative BOOLEAN NOT NULL, 
	caption VARCHAR(300) NOT NULL, 
	credit VARCHAR(300) NOT NULL, 
	has_consent BOOLEAN NOT NULL, 
	created_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_picture PRIMARY KEY (id), 
	CONSTRAINT fk_picture_created_by_id_user FOREIGN KEY(created_by_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_picture_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_picture_deed_id_digest UNIQUE (deed_id, digest), 
	CONSTRAINT uq_picture_key UNIQUE ("key")
);
CREATE TABLE poll_count (
	day DATE NOT NULL, 
	locale VARCHAR(2) NOT NULL, 
	found INTEGER NOT NULL, 
	not_found INTEGER NOT NULL, 
	CONSTRAINT pk_poll_count PRIMARY KEY (day, locale)
);
CREATE TABLE private_message (
	id INTEGER NOT NULL, 
	question_id INTEGER NOT NULL, 
	author_id INTEGER, 
	body TEXT NOT NULL, 
	form_number VARCHAR(40), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_private_message PRIMARY KEY (id), 
	CONSTRAINT fk_private_message_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_private_message_question_id_private_question FOREIGN KEY(question_id) REFERENCES private_question (id) ON DELETE CASCADE, 
	CONSTRAINT uq_private_message_form_number UNIQUE (form_number)
);
CREATE TABLE private_question (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	asker_id INTEGER NOT NULL, 
	turn VARCHAR(10) NOT NULL, 
	passed_at DATETIME, 
	answered_at DATETIME, 
	form_number VARCHAR(40), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_private_question PRIMARY KEY (id), 
	CONSTRAINT fk_private_question_asker_id_user FOREIGN KEY(asker_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_private_question_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_private_question_form_number UNIQUE (form_number)
);
CREATE TABLE queue_claim (
	queue VARCHAR(30) NOT NULL, 
	item_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_queue_claim PRIMARY KEY (queue, item_id), 
	CONSTRAINT fk_queue_claim_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE rate_count (
	"key" VARCHAR(150) NOT NULL, 
	window INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_rate_count PRIMARY KEY ("key", window)
);
CREATE TABLE reader_request (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	part VARCHAR(20) NOT NULL, 
	told_at DATETIME, 
	answered_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_reader_request PRIMARY KEY (id), 
	CONSTRAINT fk_reader_request_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_reader_request_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_reader_request_deed_id_user_id_part UNIQUE (deed_id, user_id, part)
);
CREATE TABLE recovery_code (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_recovery_code PRIMARY KEY (id), 
	CONSTRAINT fk_recovery_code_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE region (
	id INTEGER NOT NULL, 
	code VARCHAR(2) NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	name_sv VARCHAR(300), 
	name_en VARCHAR(300), 
	CONSTRAINT pk_region PRIMARY KEY (id), 
	CONSTRAINT uq_region_code UNIQUE (code), 
	CONSTRAINT uq_region_slug UNIQUE (slug)
);
INSERT INTO "region" VALUES(1,'01','uusimaa','Uusimaa','Nyland','Uusimaa');
INSERT INTO "region" VALUES(2,'02','varsinais-suomi','Varsinais-Suomi','Egentliga Finland','Southwest Finland');
INSERT INTO "region" VALUES(3,'04','satakunta','Satakunta','Satakunta','Satakunta');
INSERT INTO "region" VALUES(4,'05','kanta-hame','Kanta-Häme','Egentliga Tavastland','Kanta-Häme');
INSERT INTO "region" VALUES(5,'06','pirkanmaa','Pirkanmaa','Birkaland','Pirkanmaa');
INSERT INTO "region" VALUES(6,'07','paijat-hame','Päijät-Häme','Päijänne-Tavastland','Päijät-Häme');
INSERT INTO "region" VALUES(7,'08','kymenlaakso','Kymenlaakso','Kymmenedalen','Kymenlaakso');
INSERT INTO "region" VALUES(8,'09','etela-karjala','Etelä-Karjala','Södra Karelen','South Karelia');
INSERT INTO "region" VALUES(9,'10','etela-savo','Etelä-Savo','Södra Savolax','South Savo');
INSERT INTO "region" VALUES(10,'11','pohjois-savo','Pohjois-Savo','Norra Savolax','North Savo');
INSERT INTO "region" VALUES(11,'12','pohjois-karjala','Pohjois-Karjala','Norra Karelen','North Karelia');
INSERT INTO "region" VALUES(12,'13','keski-suomi','Keski-Suomi','Mellersta Finland','Central Finland');
INSERT INTO "region" VALUES(13,'14','etela-pohjanmaa','Etelä-Pohjanmaa','Södra Österbotten','South Ostrobothnia');
INSERT INTO "region" VALUES(14,'15','pohjanmaa','Pohjanmaa','Österbotten','Ostrobothnia');
INSERT INTO "region" VALUES(15,'16','keski-pohjanmaa','Keski-Pohjanmaa','Mellersta Österbotten','Central Ostrobothnia');
INSERT INTO "region" VALUES(16,'17','pohjois-pohjanmaa','Pohjois-Pohjanmaa','Norra Österbotten','North Ostrobothnia');
INSERT INTO "region" VALUES(17,'18','kainuu','Kainuu','Kajanaland','Kainuu');
INSERT INTO "region" VALUES(18,'19','lappi','Lappi','Lappland','Lapland');
INSERT INTO "region" VALUES(19,'21','ahvenanmaa','Ahvenanmaa','Åland','Åland');
CREATE TABLE report (
	id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	target_id INTEGER NOT NULL, 
	fault VARCHAR(20) NOT NULL, 
	body TEXT NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	locale VARCHAR(2) NOT NULL, 
	reporter_id INTEGER, 
	"key" VARCHAR(43) NOT NULL, 
	escalated_at DATETIME, 
	escalation VARCHAR(300) NOT NULL, 
	decided_at DATETIME, 
	verdict VARCHAR(20), 
	answer TEXT NOT NULL, 
	decider_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_report PRIMARY KEY (id), 
	CONSTRAINT fk_report_decider_id_user FOREIGN KEY(decider_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_report_reporter_id_user FOREIGN KEY(reporter_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT uq_report_key UNIQUE ("key")
);
CREATE TABLE review_note (
	id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	author_id INTEGER, 
	kind VARCHAR(20) NOT NULL, 
	body TEXT NOT NULL, 
	html TEXT NOT NULL, 
	form_number VARCHAR(40), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_review_note PRIMARY KEY (id), 
	CONSTRAINT fk_review_note_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_review_note_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_review_note_form_number UNIQUE (form_number)
);
CREATE TABLE saved_deed (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	list_name VARCHAR(300) NOT NULL, 
	note TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_saved_deed PRIMARY KEY (id), 
	CONSTRAINT fk_saved_deed_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_saved_deed_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_saved_deed_user_id_deed_id UNIQUE (user_id, deed_id)
);
CREATE TABLE saved_search (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	"query" VARCHAR(1000) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_saved_search PRIMARY KEY (id), 
	CONSTRAINT fk_saved_search_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_saved_search_user_id_query UNIQUE (user_id, "query")
);
CREATE TABLE search_log (
	id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	"query" VARCHAR(200) NOT NULL, 
	filters JSON NOT NULL, 
	locale VARCHAR(2) NOT NULL, 
	hits INTEGER NOT NULL, 
	strong INTEGER NOT NULL, 
	clicked INTEGER, 
	CONSTRAINT pk_search_log PRIMARY KEY (id)
);
CREATE TABLE second_factor (
	user_id INTEGER NOT NULL, 
	secret TEXT NOT NULL, 
	confirmed_at DATETIME, 
	last_step INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_second_factor PRIMARY KEY (user_id), 
	CONSTRAINT fk_second_factor_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE sector (
	id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	meanings JSON NOT NULL, 
	icon VARCHAR(50) NOT NULL, 
	colour VARCHAR(20) NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	name_sv VARCHAR(300), 
	name_en VARCHAR(300), 
	CONSTRAINT pk_sector PRIMARY KEY (id), 
	CONSTRAINT uq_sector_slug UNIQUE (slug)
);
INSERT INTO "sector" VALUES(1,'opetus-ja-kasvatus','{"fi": "Varhaiskasvatus, koulut ja esiopetus, lukiot, ammatillinen koulutus ja aikuisten opetus.", "sv": "Sm\u00e5barnspedagogik, f\u00f6rskola och skolor, gymnasier, yrkesutbildning och vuxenundervisning.", "en": "Early childhood education, pre-primary and basic education, upper secondary schools, vocational training and adult teaching."}','school','lakka',1,'Opetus ja kasvatus','Undervisning och fostran','Education and upbringing');
INSERT INTO "sector" VALUES(2,'sosiaali-ja-terveysala','{"fi": "Terveydenhuolto ja sairaalat, kotihoito, vanhus- ja vammaispalvelut sek\u00e4 sosiaality\u00f6.", "sv": "H\u00e4lsov\u00e5rd och sjukhus, hemv\u00e5rd, \u00e4ldreomsorg och funktionshinderservice samt socialarbete.", "en": "Health care and hospitals, home care, services for older and disabled people, and social work."}','heart-handshake','puolukka',2,'Sosiaali- ja terveysala','Social- och hälsovård','Social and health services');
INSERT INTO "sector" VALUES(3,'kulttuuri-ja-vapaa-aika','{"fi": "Kirjastot, museot ja muu kulttuuri, liikunta, nuorisoty\u00f6, kansalaisopistot ja tapahtumat.", "sv": "Bibliotek, museer och annan kultur, idrott och motion, ungdomsarbete, medborgarinstitut och evenemang.", "en": "Libraries, museums and other culture, sports, youth work, adult education centres and events."}','palette','kanerva',3,'Kulttuuri ja vapaa-aika','Kultur och fritid','Culture and leisure');
INSERT INTO "sector" VALUES(4,'tekniset-alat-ja-ymparisto','{"fi": "Kadut, puistot ja kiinteist\u00f6t, vesihuolto, joukkoliikenne, kaavoitus, logistiikka ja ymp\u00e4rist\u00f6nsuojelu.", "sv": "Gator, parker och fastigheter, vattentj\u00e4nster, kollektivtrafik, planl\u00e4ggning, logistik och milj\u00f6v\u00e5rd.", "en": "Streets, parks and buildings, water services, public transport, land-use planning, logistics and environmental protection."}','leaf','kuusi',4,'Tekniset alat ja ympäristö','Tekniska branscher och miljö','Technical services and environment');
INSERT INTO "sector" VALUES(5,'elinkeino-ja-yrityspalvelut','{"fi": "Yritysneuvonta, ty\u00f6llisyyspalvelut, elinvoima ja matkailu.", "sv": "F\u00f6retagsr\u00e5dgivning, syssels\u00e4ttningstj\u00e4nster, livskraft och turism.", "en": "Business advice, employment services, local vitality and tourism."}','briefcase','jarvi',5,'Elinkeino- ja yrityspalvelut','Närings- och företagstjänster','Business and enterprise services');
INSERT INTO "sector" VALUES(6,'johto-hr-ja-hallinto','{"fi": "Johtaminen ja esihenkil\u00f6ty\u00f6, henkil\u00f6st\u00f6asiat, talous, tietohallinto, viestint\u00e4 ja muu hallinto.", "sv": "Ledning och chefsarbete, personalfr\u00e5gor, ekonomi, dataf\u00f6rvaltning, kommunikation och annan f\u00f6rvaltning.", "en": "Management and supervision, human resources, finance, ICT, communications and other administration."}','users-group','mustikka',6,'Johto, HR ja hallinto','Ledning, HR och förvaltning','Management, HR and administration');
INSERT INTO "sector" VALUES(7,'ruoka-ja-siivouspalvelut','{"fi": "Keitti\u00f6t ja ateriapalvelut, siivous, laitoshuolto ja pesulat.", "sv": "K\u00f6k och m\u00e5ltidstj\u00e4nster, st\u00e4dning, anstaltsv\u00e5rd och tv\u00e4tterier.", "en": "Kitchens and meal services, cleaning, institutional cleaning and laundries."}','tools-kitchen-2','rukki',7,'Ruoka- ja siivouspalvelut','Kost- och städtjänster','Catering and cleaning services');
INSERT INTO "sector" VALUES(8,'koko-kunta','{"fi": "Teot, jotka koskevat koko organisaatiota tai useaa toimialaa yht\u00e4 aikaa.", "sv": "Framsteg som g\u00e4ller hela organisationen eller flera sektorer p\u00e5 en g\u00e5ng.", "en": "Deeds that concern the whole organisation or several sectors at once."}','building-community','taivas',8,'Koko kunta','Hela kommunen','Whole municipality');
CREATE TABLE setting (
	"key" VARCHAR(100) NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT pk_setting PRIMARY KEY ("key")
);
INSERT INTO "setting" VALUES('content_version','{"number": 11}');
CREATE TABLE shared_list (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	list_name VARCHAR(300) NOT NULL, 
	"key" VARCHAR(43) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_shared_list PRIMARY KEY (id), 
	CONSTRAINT fk_shared_list_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_shared_list_key UNIQUE ("key"), 
	CONSTRAINT uq_shared_list_user_id_list_name UNIQUE (user_id, list_name)
);
CREATE TABLE shortlisted_deed (
	deed_id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_shortlisted_deed PRIMARY KEY (deed_id), 
	CONSTRAINT fk_shortlisted_deed_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE, 
	CONSTRAINT fk_shortlisted_deed_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE
);
CREATE TABLE "story" (
	id INTEGER NOT NULL, 
	series_id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	summary TEXT NOT NULL, 
	body TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	published_at DATETIME, 
	created_at DATETIME NOT NULL, 
	media_url VARCHAR(2000) NOT NULL, 
	transcript TEXT NOT NULL, 
	CONSTRAINT pk_story PRIMARY KEY (id), 
	CONSTRAINT uq_story_series_id_slug UNIQUE (series_id, slug), 
	CONSTRAINT fk_story_series_id_story_series FOREIGN KEY(series_id) REFERENCES story_series (id) ON DELETE CASCADE
);
CREATE TABLE story_deed (
	story_id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	CONSTRAINT pk_story_deed PRIMARY KEY (story_id, deed_id), 
	CONSTRAINT fk_story_deed_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_story_deed_story_id_story FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE
);
CREATE TABLE story_organisation (
	story_id INTEGER NOT NULL, 
	organisation_id INTEGER NOT NULL, 
	CONSTRAINT pk_story_organisation PRIMARY KEY (story_id, organisation_id), 
	CONSTRAINT fk_story_organisation_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_story_organisation_story_id_story FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE
);
CREATE TABLE story_series (
	id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	description TEXT NOT NULL, 
	texts JSON NOT NULL, 
	position INTEGER NOT NULL, 
	citation TEXT NOT NULL, 
	CONSTRAINT pk_story_series PRIMARY KEY (id), 
	CONSTRAINT uq_story_series_slug UNIQUE (slug)
);
CREATE TABLE story_theme (
	story_id INTEGER NOT NULL, 
	theme_id INTEGER NOT NULL, 
	CONSTRAINT pk_story_theme PRIMARY KEY (story_id, theme_id), 
	CONSTRAINT fk_story_theme_story_id_story FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE, 
	CONSTRAINT fk_story_theme_theme_id_theme FOREIGN KEY(theme_id) REFERENCES theme (id) ON DELETE CASCADE
);
CREATE TABLE survey_answer (
	id VARCHAR(32) NOT NULL, 
	year INTEGER NOT NULL, 
	occasion VARCHAR(20) NOT NULL, 
	answers JSON NOT NULL, 
	CONSTRAINT pk_survey_answer PRIMARY KEY (id)
);
CREATE TABLE survey_ask (
	user_id INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	CONSTRAINT pk_survey_ask PRIMARY KEY (user_id, year), 
	CONSTRAINT fk_survey_ask_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE synonym_group (
	id INTEGER NOT NULL, 
	concept VARCHAR(120) NOT NULL, 
	members JSON NOT NULL, 
	is_kin BOOLEAN NOT NULL, 
	is_enabled BOOLEAN NOT NULL, 
	CONSTRAINT pk_synonym_group PRIMARY KEY (id), 
	CONSTRAINT uq_synonym_group_concept UNIQUE (concept)
);
CREATE TABLE theme (
	id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	meanings JSON NOT NULL, 
	synonyms JSON NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	name_sv VARCHAR(300), 
	name_en VARCHAR(300), 
	CONSTRAINT pk_theme PRIMARY KEY (id), 
	CONSTRAINT uq_theme_slug UNIQUE (slug)
);
INSERT INTO "theme" VALUES(1,'aivotyo','{"fi": "Tiedolla, muistilla ja keskittymisell\u00e4 teht\u00e4v\u00e4n ty\u00f6n sujuvoittaminen ja keskeytysten v\u00e4hent\u00e4minen.", "sv": "G\u00f6ra det l\u00e4ttare att arbeta med kunskap, minne och koncentration, och minska avbrotten.", "en": "Making work that relies on knowledge, memory and concentration easier, with fewer interruptions."}','["kognitiivinen ergonomia", "keskeytykset", "keskittyminen", "aivokuorma", "kuormitus", "aivoty\u00f6agentti", "ty\u00f6muisti", "kognitiv ergonomi", "avbrott", "koncentration", "kognitiv belastning", "cognitive ergonomics", "interruptions", "concentration", "cognitive load"]','Aivotyö','Hjärnarbete och kognitiv ergonomi','Brain work and cognitive ergonomics');
INSERT INTO "theme" VALUES(2,'asiakaskokemus','{"fi": "Asiakkaan kokemuksen parantaminen sek\u00e4 palautteen keruu ja k\u00e4sittely.", "sv": "F\u00f6rb\u00e4ttra kundens upplevelse samt samla in och hantera respons.", "en": "Improving what customers experience, and collecting and handling their feedback."}','["asiakaspalaute", "palaute", "reklamaatio", "asiakasraati", "asiakastyytyv\u00e4isyys", "happy or not", "asiakaspalvelu", "kundrespons", "kundn\u00f6jdhet", "klagom\u00e5l", "kundpanel", "kundservice", "feedback", "complaints", "customer satisfaction", "customer panel", "customer service"]','Asiakaskokemus ja palaute','Kundupplevelse och respons','Customer experience and feedback');
INSERT INTO "theme" VALUES(3,'asiakaslahtoisyys','{"fi": "Palvelun ja toimintatapojen uudistaminen asiakkaan tarpeesta k\u00e4sin.", "sv": "F\u00f6rnya tj\u00e4nster och arbetss\u00e4tt utifr\u00e5n kundens behov.", "en": "Renewing services and ways of working from the needs of the customer."}','["asiakaskeskeisyys", "ihmisl\u00e4ht\u00f6isyys", "potilasl\u00e4ht\u00f6isyys", "kuntalaisl\u00e4ht\u00f6isyys", "asiakasarvo", "palveluketju", "kundorienterad", "m\u00e4nniskan i centrum", "patientcentrerad", "servicekedja", "customer-centred", "people first", "patient-centred", "service chain"]','Asiakaslähtöisyys','Kundorientering','Customer orientation');
INSERT INTO "theme" VALUES(4,'digitalisaatio','{"fi": "Digitaalisten v\u00e4lineiden ja kanavien k\u00e4ytt\u00f6\u00f6notto palvelussa ja ty\u00f6ss\u00e4.", "sv": "Ta i bruk digitala verktyg och kanaler i service och arbete.", "en": "Taking digital tools and channels into use in services and at work."}','["digi", "digiloikka", "digikokeilu", "s\u00e4hk\u00f6inen palvelu", "s\u00e4hk\u00f6inen asiointi", "verkkopalvelu", "j\u00e4rjestelm\u00e4", "chat", "WhatsApp", "digital", "digispr\u00e5ng", "e-tj\u00e4nster", "elektronisk \u00e4rendehantering", "chatt", "digital", "e-services", "digital leap", "online services", "chat"]','Digitalisaatio','Digitalisering','Digitalisation');
INSERT INTO "theme" VALUES(5,'esihenkilotyo','{"fi": "L\u00e4hijohtamisen, johtamisen tuen ja johtoryhm\u00e4ty\u00f6n kehitt\u00e4minen.", "sv": "Utveckla n\u00e4rmaste chefers arbete, st\u00f6det f\u00f6r ledarskap och arbetet i ledningsgrupper.", "en": "Developing line management, support for leaders and the work of management teams."}','["esimies", "esimiesty\u00f6", "esihenkil\u00f6", "l\u00e4hijohtaja", "l\u00e4hiesihenkil\u00f6", "johtaja", "p\u00e4\u00e4llikk\u00f6", "johtoryhm\u00e4", "johtaminen", "chef", "n\u00e4rmaste chef", "f\u00f6rman", "ledningsgrupp", "ledarskap", "supervisor", "line manager", "leadership", "management team"]','Esihenkilötyö ja johtaminen','Chefsarbete och ledarskap','Supervisory work and leadership');
INSERT INTO "theme" VALUES(6,'etapalvelut','{"fi": "Palvelun tuottaminen verkossa, puhelimessa tai muuten ilman l\u00e4sn\u00e4oloa.", "sv": "Ge service p\u00e5 n\u00e4tet, per telefon eller p\u00e5 annat s\u00e4tt utan att tr\u00e4ffas p\u00e5 plats.", "en": "Providing services online, by phone or otherwise without meeting in person."}','["verkossa", "et\u00e4n\u00e4", "virtuaalinen", "et\u00e4vastaanotto", "et\u00e4hoito", "et\u00e4opetus", "verkkopalvelu", "puhelinpalvelu", "p\u00e5 distans", "distansmottagning", "distansv\u00e5rd", "distansundervisning", "telefontj\u00e4nst", "remote", "online", "virtual", "distance teaching", "telephone service"]','Etäpalvelut','Distanstjänster','Remote services');
INSERT INTO "theme" VALUES(7,'etatyo','{"fi": "Ty\u00f6n tekeminen ja johtaminen muualla kuin ty\u00f6paikalla.", "sv": "Arbeta och leda arbete p\u00e5 annat h\u00e5ll \u00e4n p\u00e5 arbetsplatsen.", "en": "Working, and leading work, somewhere other than the workplace."}','["hybridity\u00f6", "kotikonttori", "ty\u00f6nteko et\u00e4n\u00e4", "Teams", "et\u00e4johtaminen", "hybridarbete", "hemarbete", "Teams", "distansledarskap", "hybrid work", "telework", "working from home", "Teams"]','Etätyö','Distansarbete','Remote work');
INSERT INTO "theme" VALUES(8,'henkiloston-osallistuminen','{"fi": "Henkil\u00f6st\u00f6 ideoi, kehitt\u00e4\u00e4, toteuttaa ja arvioi yhdess\u00e4 johdon kanssa.", "sv": "Personalen kommer med id\u00e9er, utvecklar, genomf\u00f6r och utv\u00e4rderar tillsammans med ledningen.", "en": "Staff come up with ideas, develop, carry out and evaluate together with management."}','["henkil\u00f6st\u00f6l\u00e4ht\u00f6isyys", "yhteistoiminta", "yhteiskehitt\u00e4minen ty\u00f6paikalla", "osallistaminen", "sis\u00e4inen kehitt\u00e4j\u00e4", "vaikutusmahdollisuudet", "personalorienterad", "samarbete", "intern utvecklare", "inflytande", "employee involvement", "in-house developer", "co-operation", "employee voice"]','Henkilöstön osallistuminen','Personalens delaktighet','Staff participation');
INSERT INTO "theme" VALUES(9,'itseohjautuvuus','{"fi": "Tiimien ja ty\u00f6ntekij\u00f6iden vastuu ja valta oman ty\u00f6ns\u00e4 j\u00e4rjest\u00e4misess\u00e4.", "sv": "Teamens och medarbetarnas ansvar och r\u00e4tt att ordna sitt eget arbete.", "en": "The responsibility and power of teams and employees to organise their own work."}','["itseohjautuva", "yhteis\u00f6ohjautuvuus", "tiimity\u00f6", "tiimi", "itseorganisoituminen", "autonomia", "sj\u00e4lvstyrning", "sj\u00e4lvstyrande team", "teamarbete", "autonomi", "self-management", "self-organising", "teamwork", "autonomy"]','Itseohjautuvuus','Självledarskap','Self-direction');
INSERT INTO "theme" VALUES(10,'jatkuva-parantaminen','{"fi": "Pienin askelin etenev\u00e4, mittaritietoon nojaava parantaminen; mukana lean.", "sv": "F\u00f6rb\u00e4ttra i sm\u00e5 steg med st\u00f6d av m\u00e4tningar, till exempel med lean.", "en": "Improving in small steps, guided by measurements; lean included."}','["lean", "laatu", "mittarit", "mittaaminen", "PDCA", "laadunhallinta", "seuranta", "lean", "kvalitet", "m\u00e4tare", "kvalitetsledning", "uppf\u00f6ljning", "lean", "quality", "metrics", "quality management"]','Jatkuva parantaminen','Ständiga förbättringar','Continuous improvement');
INSERT INTO "theme" VALUES(11,'kokeilukulttuuri','{"fi": "Pienet ja nopeat kokeilut kehitt\u00e4misen tapana.", "sv": "Sm\u00e5 och snabba f\u00f6rs\u00f6k som ett s\u00e4tt att utveckla.", "en": "Small, quick experiments as a way to develop."}','["kokeilu", "kokeileminen", "pilotti", "ketter\u00e4 kokeilu", "kokeilemalla kehitt\u00e4minen", "f\u00f6rs\u00f6k", "pilot", "pilotprojekt", "snabba f\u00f6rs\u00f6k", "experiment", "pilot", "trial", "agile testing"]','Kokeilukulttuuri','Försökskultur','Culture of experimentation');
INSERT INTO "theme" VALUES(12,'luonto-ja-ymparisto','{"fi": "Luonnon hy\u00f6dynt\u00e4minen palvelussa ja kehitt\u00e4misess\u00e4 sek\u00e4 ymp\u00e4rist\u00f6teot.", "sv": "Ta vara p\u00e5 naturen i service och utveckling samt g\u00f6ra n\u00e5got gott f\u00f6r milj\u00f6n.", "en": "Making use of nature in services and development, and doing good for the environment."}','["green care", "luonto", "ymp\u00e4rist\u00f6teko", "ilmasto", "kest\u00e4v\u00e4 kehitys", "ekologisuus", "green care", "milj\u00f6g\u00e4rning", "klimat", "h\u00e5llbar utveckling", "green care", "climate", "sustainable development", "environmental action"]','Luonto ja ympäristö','Natur och miljö','Nature and environment');
INSERT INTO "theme" VALUES(13,'monikulttuurisuus','{"fi": "Maahan muuttaneiden tavoittaminen, ty\u00f6llistyminen ja palvelut.", "sv": "N\u00e5 personer som har flyttat till landet och st\u00f6dja deras syssels\u00e4ttning och service.", "en": "Reaching people who have moved to Finland, and supporting their employment and services."}','["maahanmuuttaja", "maahan muuttanut", "kotoutuminen", "kieliryhm\u00e4t", "monikielisyys", "invandrare", "integration", "spr\u00e5kgrupper", "flerspr\u00e5kighet", "immigrants", "integration", "language groups", "multilingual"]','Monikulttuurisuus','Mångkultur','Multiculturalism');
INSERT INTO "theme" VALUES(14,'osaamisen-ennakointi','{"fi": "Tulevien osaamistarpeiden tunnistaminen osana johtamista ja suunnittelua.", "sv": "Identifiera framtida kompetensbehov som en del av ledning och planering.", "en": "Recognising future skills needs as a part of management and planning."}','["ennakointi", "osaamistarve", "henkil\u00f6st\u00f6suunnittelu", "tulevaisuuden osaaminen", "framsyn", "kompetensbehov", "personalplanering", "framtidens kompetens", "foresight", "skills needs", "workforce planning", "future skills"]','Osaamisen ennakointi','Prognostisering av kompetens','Skills anticipation');
INSERT INTO "theme" VALUES(15,'osaamisen-kehittaminen','{"fi": "Koulutus, osaamiskartoitukset, ty\u00f6ss\u00e4 oppiminen ja osaamisen jakaminen.", "sv": "Utbildning, kartl\u00e4ggning av kompetens, l\u00e4rande i arbetet och delad kunskap.", "en": "Training, skills surveys, learning at work and sharing know-how."}','["koulutus", "valmennus", "oppiminen", "perehdytys", "osaamiskartoitus", "t\u00e4ydennyskoulutus", "oppisopimus", "osaamismerkki", "utbildning", "l\u00e4rande", "introduktion", "kompetenskartl\u00e4ggning", "l\u00e4roavtal", "kompetensm\u00e4rke", "training", "learning", "onboarding", "skills survey", "apprenticeship", "open badge"]','Osaamisen kehittäminen','Kompetensutveckling','Competence development');
INSERT INTO "theme" VALUES(16,'osallisuus','{"fi": "Kuntalaisten, asiakkaiden ja potilaiden mahdollisuus vaikuttaa ja osallistua.", "sv": "Inv\u00e5narnas, kundernas och patienternas m\u00f6jlighet att p\u00e5verka och delta.", "en": "The chance of residents, customers and patients to have a say and take part."}','["kuntalaisten osallisuus", "asukasosallisuus", "asiakasosallisuus", "nuorisovaltuusto", "vaikuttaminen", "asukas", "delaktighet", "inv\u00e5narinflytande", "ungdomsfullm\u00e4ktige", "p\u00e5verkan", "inv\u00e5nare", "participation", "residents", "youth council", "having a say"]','Osallisuus','Invånarnas och kundernas delaktighet','Participation of residents and customers');
INSERT INTO "theme" VALUES(17,'palvelumuotoilu','{"fi": "Palvelujen suunnittelu k\u00e4ytt\u00e4j\u00e4n kanssa muotoilun menetelmin.", "sv": "Planera tj\u00e4nster tillsammans med anv\u00e4ndarna med designmetoder.", "en": "Planning services with their users by means of design methods."}','["muotoilu", "ty\u00f6el\u00e4m\u00e4n muotoilu", "ty\u00f6p\u00e4iv\u00e4muotoilu", "yhteissuunnittelu", "prototyyppi", "palvelupolku", "design", "samplanering", "prototyp", "servicestig", "design", "co-design", "prototype", "service path"]','Palvelumuotoilu','Tjänstedesign','Service design');
INSERT INTO "theme" VALUES(18,'perheystavallisyys','{"fi": "Ty\u00f6n ja muun el\u00e4m\u00e4n yhteensovittaminen ty\u00f6uran eri vaiheissa.", "sv": "F\u00f6rena arbete och \u00f6vrigt liv i olika skeden av arbetslivet.", "en": "Fitting work together with the rest of life in different phases of a career."}','["perheyst\u00e4v\u00e4llinen ty\u00f6paikka", "ty\u00f6n ja perheen yhteensovittaminen", "hyv\u00e4n el\u00e4m\u00e4n toimintamalli", "perhevapaat", "familjev\u00e4nlig arbetsplats", "arbete och familj", "familjeledigheter", "family-friendly workplace", "work-life balance", "family leave"]','Perheystävällisyys','Familjevänlighet','Family-friendliness');
INSERT INTO "theme" VALUES(19,'poikkeusolot','{"fi": "Palvelut ja ty\u00f6 kriisiss\u00e4, esimerkiksi koronapandemian aikana.", "sv": "Service och arbete i en kris, till exempel under coronapandemin.", "en": "Services and work in a crisis, for example during the COVID-19 pandemic."}','["korona", "covid", "koronapandemia", "kriisi", "varautuminen", "poikkeustila", "corona", "covid", "pandemi", "kris", "beredskap", "COVID-19", "pandemic", "crisis", "emergency planning"]','Poikkeusolot ja varautuminen','Undantagsförhållanden och beredskap','Exceptional conditions and preparedness');
INSERT INTO "theme" VALUES(20,'prosessien-kehittaminen','{"fi": "Toimintatapojen, rekisterien, varausten ja ty\u00f6nkulkujen sujuvoittaminen.", "sv": "G\u00f6ra arbetss\u00e4tt, register, bokningar och arbetsfl\u00f6den smidigare.", "en": "Making ways of working, registers, bookings and workflows smoother."}','["prosessi", "sujuvuus", "toimintatapa", "ty\u00f6nkulku", "varauskalenteri", "vuosikello", "process", "smidighet", "arbetsfl\u00f6de", "bokningskalender", "\u00e5rsklocka", "process", "workflow", "booking calendar", "year clock"]','Prosessien kehittäminen','Processutveckling','Process development');
INSERT INTO "theme" VALUES(21,'robotiikka','{"fi": "Ohjelmistorobotiikka, robotit opetuksessa ja rutiinien automatisointi.", "sv": "Programvarurobotar, robotar i undervisningen och automatisering av rutiner.", "en": "Software robots, robots in teaching and the automation of routines."}','["RPA", "robotti", "ohjelmistorobotiikka", "automaatio", "RPA", "robot", "automation", "RPA", "robot", "software robotics", "automation"]','Robotiikka ja automaatio','Robotik och automatisering','Robotics and automation');
INSERT INTO "theme" VALUES(22,'strategian-toimeenpano','{"fi": "Kunta- tai kaupunkistrategian vieminen arjen teoiksi.", "sv": "Oms\u00e4tta kommunens eller stadens strategi i vardagen.", "en": "Turning the strategy of a municipality or city into everyday work."}','["strategia", "kaupunkistrategia", "jalkauttaminen", "kuntastrategia", "strategi", "stadsstrategi", "kommunstrategi", "f\u00f6rankring", "strategy", "city strategy", "putting strategy into practice"]','Strategian toimeenpano','Genomförande av strategin','Strategy implementation');
INSERT INTO "theme" VALUES(23,'tekoaly-ja-data','{"fi": "Teko\u00e4lyn, chatbottien ja analytiikan k\u00e4ytt\u00f6 ja siihen liittyv\u00e4 s\u00e4\u00e4ntely ja etiikka.", "sv": "Anv\u00e4ndningen av artificiell intelligens, chattbotar och analys samt reglering och etik kring dem.", "en": "The use of artificial intelligence, chatbots and analytics, with the rules and ethics that go with them."}','["AI", "chatbot", "analytiikka", "koneoppiminen", "OuluBot", "tieto", "AI", "chattbot", "analys", "maskininl\u00e4rning", "artificial intelligence", "chatbot", "analytics", "machine learning"]','Tekoäly ja data','Artificiell intelligens och data','AI and data');
INSERT INTO "theme" VALUES(24,'tilat','{"fi": "Ty\u00f6- ja palvelutilojen suunnittelu, yhteisk\u00e4ytt\u00f6 ja varaaminen.", "sv": "Planera, anv\u00e4nda gemensamt och boka lokaler f\u00f6r arbete och service.", "en": "Planning, sharing and booking rooms and buildings for work and services."}','["toimitilat", "tilaratkaisu", "monitoimitalo", "tilavaraus", "ty\u00f6ymp\u00e4rist\u00f6", "utrymmen", "allaktivitetshus", "lokalbokning", "arbetsmilj\u00f6", "rooms", "facilities", "multi-purpose building", "room booking", "working environment"]','Tilat','Lokaler','Premises and spaces');
INSERT INTO "theme" VALUES(25,'toimintakulttuuri','{"fi": "Koko organisaation tavan toimia uudistaminen: lupa, tila ja johdon tuki kehitt\u00e4\u00e4.", "sv": "F\u00f6rnya hela organisationens s\u00e4tt att arbeta: lov och utrymme att utveckla, med ledningens st\u00f6d.", "en": "Renewing the way a whole organisation works: permission, room and management support to develop."}','["organisaatiokulttuuri", "kulttuurinmuutos", "muutos", "muutosprosessi", "uudistaminen", "muutosjohtaminen", "organisationskultur", "kulturf\u00f6r\u00e4ndring", "f\u00f6r\u00e4ndring", "f\u00f6r\u00e4ndringsledning", "f\u00f6rnyelse", "work culture", "culture change", "change management", "renewal"]','Toimintakulttuuri','Verksamhetskultur','Organisational culture');
INSERT INTO "theme" VALUES(26,'tuloksellisuus','{"fi": "Parempi tulos samoilla voimavaroilla: laatu, talous ja vaikuttavuus.", "sv": "B\u00e4ttre resultat med samma resurser: kvalitet, ekonomi och genomslag.", "en": "Better results with the same resources: quality, finances and impact."}','["tuottavuus", "tehokkuus", "vaikuttavuus", "s\u00e4\u00e4st\u00f6t", "talous", "kustannukset", "laatu", "produktivitet", "effektivitet", "genomslag", "besparingar", "ekonomi", "productivity", "efficiency", "impact", "savings", "finances"]','Tuloksellisuus ja tuottavuus','Resultat och produktivitet','Performance and productivity');
INSERT INTO "theme" VALUES(27,'turvallisuus','{"fi": "Ty\u00f6turvallisuus, uhkatilanteet ja turvallinen koulu tai hoitopaikka.", "sv": "Arbetarskydd, hotfulla situationer och en trygg skola eller v\u00e5rdplats.", "en": "Safety at work, threatening situations and a safe school or place of care."}','["ty\u00f6turvallisuus", "v\u00e4kivalta", "uhkatilanne", "uhkaava asiakas", "ty\u00f6suojelu", "hygienia", "arbetarskydd", "v\u00e5ld", "hotfull situation", "hygien", "occupational safety", "violence", "threatening situation", "hygiene"]','Turvallisuus','Säkerhet','Safety');
INSERT INTO "theme" VALUES(28,'tyohyvinvointi','{"fi": "Jaksaminen, psyykkinen hyvinvointi ja psykologinen turvallisuus ty\u00f6ss\u00e4.", "sv": "Ork, psykiskt v\u00e4lbefinnande och psykologisk trygghet i arbetet.", "en": "Coping, mental well-being and psychological safety at work."}','["tyhy", "hyvinvointi ty\u00f6ss\u00e4", "jaksaminen", "psykologinen turvallisuus", "ty\u00f6n imu", "resilienssi", "uupumus", "arbetsh\u00e4lsa", "ork", "psykologisk trygghet", "arbetsengagemang", "resiliens", "utmattning", "wellbeing", "coping", "psychological safety", "work engagement", "resilience", "burnout"]','Työhyvinvointi','Välbefinnande i arbetet','Well-being at work');
INSERT INTO "theme" VALUES(29,'tyokyky','{"fi": "Ty\u00f6kyvyn johtaminen, ergonomia ja liikkuminen ty\u00f6p\u00e4iv\u00e4n aikana.", "sv": "Leda arbetsf\u00f6rm\u00e5ga, ergonomi och r\u00f6relse under arbetsdagen.", "en": "Managing work ability, ergonomics and moving about during the working day."}','["tyky", "ty\u00f6kykyjohtaminen", "ergonomia", "kinestetiikka", "liikunta", "ik\u00e4johtaminen", "toimintakyky", "ergonomi", "kinestetik", "motion", "arbetsf\u00f6rm\u00e5geledning", "\u00e5ldersledarskap", "ergonomics", "kinaesthetics", "exercise", "age management"]','Työkyky','Arbetsförmåga','Work ability');
INSERT INTO "theme" VALUES(30,'tyon-ilo','{"fi": "Onnistumiset, hyveet, innostus ja kokemus t\u00e4rke\u00e4st\u00e4 ty\u00f6st\u00e4.", "sv": "Framg\u00e5ngar, dygder, entusiasm och upplevelsen av viktigt arbete.", "en": "Successes, virtues, enthusiasm and the feeling that the work matters."}','["ty\u00f6n ilo", "merkityksellisyys", "innostus", "motivaatio", "hyveet", "arvostus", "onnistuminen", "arbetsgl\u00e4dje", "entusiasm", "motivation", "dygder", "uppskattning", "joy of work", "enthusiasm", "motivation", "virtues", "appreciation"]','Työn ilo ja merkityksellisyys','Arbetsglädje och meningsfullhet','Joy and meaning at work');
INSERT INTO "theme" VALUES(31,'tyoyhteiso','{"fi": "Pelis\u00e4\u00e4nn\u00f6t, vuorovaikutus, yhteishenki ja yhteisty\u00f6 ty\u00f6yhteis\u00f6ss\u00e4.", "sv": "Spelregler, v\u00e4xelverkan, laganda och samarbete i arbetsgemenskapen.", "en": "Ground rules, interaction, team spirit and co-operation in the work community."}','["vuorovaikutus", "ilmapiiri", "yhteishenki", "yhteis\u00f6llisyys", "pelis\u00e4\u00e4nn\u00f6t", "ty\u00f6yhteis\u00f6taidot", "luottamus", "v\u00e4xelverkan", "st\u00e4mning", "laganda", "gemenskap", "spelregler", "f\u00f6rtroende", "interaction", "atmosphere", "team spirit", "ground rules", "trust"]','Työyhteisön toimivuus','En fungerande arbetsgemenskap','Functioning work community');
INSERT INTO "theme" VALUES(32,'valmentava-johtaminen','{"fi": "Johtaminen, joka kysyy, kannustaa ja antaa vastuuta.", "sv": "Ledarskap som fr\u00e5gar, uppmuntrar och ger ansvar.", "en": "Leadership that asks, encourages and gives responsibility."}','["valmentava esimiesty\u00f6", "coaching", "mahdollistava esimiesty\u00f6", "dialoginen johtaminen", "coaching", "coachande chef", "m\u00f6jligg\u00f6rande ledarskap", "dialog", "coaching", "enabling leadership", "dialogue"]','Valmentava johtaminen','Coachande ledarskap','Coaching leadership');
INSERT INTO "theme" VALUES(33,'verkostot','{"fi": "Organisaatioiden yhteinen kehitt\u00e4minen, vertaisoppiminen ja kumppanuudet.", "sv": "Organisationer utvecklar tillsammans, l\u00e4r av varandra och bildar partnerskap.", "en": "Organisations developing together, learning from their peers and working in partnership."}','["verkosto", "vertaistuki", "vertaisoppiminen", "kumppanuus", "yhteisty\u00f6 kuntien kesken", "benchmarking", "yritysyhteisty\u00f6", "n\u00e4tverk", "kamratst\u00f6d", "partnerskap", "samarbete mellan kommuner", "benchmarking", "network", "peer support", "peer learning", "partnership", "benchmarking"]','Verkostot ja yhteiskehittäminen','Nätverk och samutveckling','Networks and co-development');
INSERT INTO "theme" VALUES(34,'viestinta','{"fi": "Hyv\u00e4n kuntaty\u00f6n esiin nostaminen sek\u00e4 sis\u00e4inen ja ulkoinen viestint\u00e4.", "sv": "Lyfta fram gott kommunalt arbete samt intern och extern kommunikation.", "en": "Bringing good municipal work to light, and communication inside and out."}','["tiedottaminen", "sis\u00e4inen viestint\u00e4", "tiedonkulku", "markkinointi", "br\u00e4ndi", "imago", "some", "podcast", "information", "intern kommunikation", "informationsg\u00e5ng", "marknadsf\u00f6ring", "varum\u00e4rke", "image", "sociala medier", "information", "internal communication", "marketing", "brand", "image", "social media"]','Viestintä ja näkyväksi tekeminen','Kommunikation och synliggörande','Communication and making work visible');
INSERT INTO "theme" VALUES(35,'yhteistyo-yli-rajojen','{"fi": "Toimialojen, yksik\u00f6iden ja ammattiryhmien rajat ylitt\u00e4v\u00e4 yhteisty\u00f6.", "sv": "Samarbete \u00f6ver gr\u00e4nserna mellan sektorer, enheter och yrkesgrupper.", "en": "Co-operation across the borders of sectors, units and professions."}','["siilot", "raja-aidat", "toimialarajat", "moniammatillisuus", "monialaisuus", "poikkihallinnollisuus", "silor", "sektorsgr\u00e4nser", "m\u00e5ngprofessionell", "tv\u00e4rsektoriell", "silos", "cross-sector", "multiprofessional", "interdisciplinary"]','Yhteistyö yli rajojen','Samarbete över gränserna','Cooperation across boundaries');
CREATE TABLE "top_list" (
	id INTEGER NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	introduction TEXT NOT NULL, 
	texts JSON NOT NULL, 
	stated_size INTEGER, 
	is_proposal BOOLEAN NOT NULL, 
	published_at DATETIME, 
	position INTEGER NOT NULL, 
	citation TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_on DATE, 
	criteria TEXT NOT NULL, 
	network VARCHAR(300) NOT NULL, 
	version INTEGER NOT NULL, 
	changed_at DATETIME, 
	CONSTRAINT pk_top_list PRIMARY KEY (id), 
	CONSTRAINT uq_top_list_slug UNIQUE (slug)
);
CREATE TABLE top_list_item (
	id INTEGER NOT NULL, 
	top_list_id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_top_list_item PRIMARY KEY (id), 
	CONSTRAINT fk_top_list_item_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_top_list_item_top_list_id_top_list FOREIGN KEY(top_list_id) REFERENCES top_list (id) ON DELETE CASCADE, 
	CONSTRAINT uq_top_list_item_top_list_id_deed_id UNIQUE (top_list_id, deed_id)
);
CREATE TABLE top_list_keeper (
	top_list_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	CONSTRAINT pk_top_list_keeper PRIMARY KEY (top_list_id, user_id), 
	CONSTRAINT fk_top_list_keeper_top_list_id_top_list FOREIGN KEY(top_list_id) REFERENCES top_list (id) ON DELETE CASCADE, 
	CONSTRAINT fk_top_list_keeper_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE TABLE top_list_version (
	id INTEGER NOT NULL, 
	top_list_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	editor_id INTEGER, 
	content JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_top_list_version PRIMARY KEY (id), 
	CONSTRAINT fk_top_list_version_editor_id_user FOREIGN KEY(editor_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_top_list_version_top_list_id_top_list FOREIGN KEY(top_list_id) REFERENCES top_list (id) ON DELETE CASCADE, 
	CONSTRAINT uq_top_list_version_top_list_id_number UNIQUE (top_list_id, number)
);
CREATE TABLE "user" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	email VARCHAR(254) NOT NULL, 
	display_name VARCHAR(300) NOT NULL, 
	job_title VARCHAR(300) NOT NULL, 
	password_hash VARCHAR(200), 
	role VARCHAR(20) NOT NULL, 
	locale VARCHAR(2) NOT NULL, 
	theme VARCHAR(5) NOT NULL, 
	confirmed_at DATETIME, 
	disabled_at DATETIME, 
	created_at DATETIME NOT NULL, 
	trusted_at DATETIME, 
	blocked_until DATETIME, 
	blocked_reason VARCHAR(300) NOT NULL, 
	erase_on DATE, 
	seen_on DATE, 
	asked_idle_on DATE, 
	CONSTRAINT uq_user_email UNIQUE (email)
);
INSERT INTO "user" VALUES(1,'henkilo-1-1@simulaatio.example','Suunnittelija 1-1','Suunnittelija','$argon2id$v=19$m=19456,t=2,p=1$ItiZvyxYOCMZ55ckb0G+Qg$rhi9qr6HM9T6ZTB1qYrmqsYtxkKQA9on4BtAh6B6BYE','member','fi','','2026-11-09 04:00:00.000000',NULL,'2026-11-09 04:00:00.000000','2026-11-09 04:00:00.000000',NULL,'',NULL,NULL,NULL);
INSERT INTO "user" VALUES(2,'henkilo-2-1@simulaatio.example','Kehittämispäällikkö 2-1','Kehittämispäällikkö','$argon2id$v=19$m=19456,t=2,p=1$ItiZvyxYOCMZ55ckb0G+Qg$rhi9qr6HM9T6ZTB1qYrmqsYtxkKQA9on4BtAh6B6BYE','member','sv','','2026-11-09 04:00:00.000000',NULL,'2026-11-09 04:00:00.000000','2026-11-09 04:00:00.000000',NULL,'',NULL,NULL,NULL);
CREATE TABLE weekly_feature (
	id INTEGER NOT NULL, 
	monday DATE NOT NULL, 
	deed_id INTEGER NOT NULL, 
	makers VARCHAR(300) NOT NULL, 
	text TEXT NOT NULL, 
	consent VARCHAR(300) NOT NULL, 
	consent_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_weekly_feature PRIMARY KEY (id), 
	CONSTRAINT fk_weekly_feature_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT uq_weekly_feature_monday UNIQUE (monday)
);
CREATE TABLE wish (
	id INTEGER NOT NULL, 
	title VARCHAR(300) NOT NULL, 
	slug VARCHAR(100) NOT NULL, 
	body TEXT NOT NULL, 
	html TEXT NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	author_id INTEGER, 
	organisation_id INTEGER, 
	sector_id INTEGER, 
	supporter_count INTEGER NOT NULL, 
	answered_at DATETIME, 
	hidden_at DATETIME, 
	hidden_reason VARCHAR(300) NOT NULL, 
	form_number VARCHAR(40), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_wish PRIMARY KEY (id), 
	CONSTRAINT fk_wish_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_wish_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id), 
	CONSTRAINT fk_wish_sector_id_sector FOREIGN KEY(sector_id) REFERENCES sector (id), 
	CONSTRAINT uq_wish_form_number UNIQUE (form_number)
);
INSERT INTO "wish" VALUES(1,'Kuinka kerrotte päätöksistä selkokielellä?','kuinka-kerrotte-paatoksista-selkokielella','(Simuloitu teko.)','<p>(Simuloitu teko.)</p>','fi',1,68,NULL,1,NULL,NULL,'',NULL,'2026-11-13 12:32:00.000000');
INSERT INTO "wish" VALUES(2,'Miten jaatte työhuoneet etätyön aikaan?','miten-jaatte-tyohuoneet-etatyon-aikaan','(Simuloitu teko.)','<p>(Simuloitu teko.)</p>','fi',1,68,NULL,1,NULL,NULL,'',NULL,'2026-11-20 11:36:00.000000');
CREATE TABLE wish_answer (
	id INTEGER NOT NULL, 
	wish_id INTEGER NOT NULL, 
	deed_id INTEGER NOT NULL, 
	author_id INTEGER, 
	note VARCHAR(300) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_wish_answer PRIMARY KEY (id), 
	CONSTRAINT fk_wish_answer_author_id_user FOREIGN KEY(author_id) REFERENCES user (id) ON DELETE SET NULL, 
	CONSTRAINT fk_wish_answer_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_wish_answer_wish_id_wish FOREIGN KEY(wish_id) REFERENCES wish (id) ON DELETE CASCADE, 
	CONSTRAINT uq_wish_answer_wish_id_deed_id UNIQUE (wish_id, deed_id)
);
CREATE TABLE wish_promise (
	id INTEGER NOT NULL, 
	wish_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	deed_id INTEGER, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_wish_promise PRIMARY KEY (id), 
	CONSTRAINT fk_wish_promise_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE SET NULL, 
	CONSTRAINT fk_wish_promise_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_wish_promise_wish_id_wish FOREIGN KEY(wish_id) REFERENCES wish (id) ON DELETE CASCADE, 
	CONSTRAINT uq_wish_promise_wish_id_user_id UNIQUE (wish_id, user_id)
);
CREATE TABLE wish_supporter (
	id INTEGER NOT NULL, 
	wish_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_wish_supporter PRIMARY KEY (id), 
	CONSTRAINT fk_wish_supporter_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT fk_wish_supporter_wish_id_wish FOREIGN KEY(wish_id) REFERENCES wish (id) ON DELETE CASCADE, 
	CONSTRAINT uq_wish_supporter_wish_id_user_id UNIQUE (wish_id, user_id)
);
INSERT INTO "wish_supporter" VALUES(1,1,2,'2026-11-13 12:32:00.000000');
INSERT INTO "wish_supporter" VALUES(2,2,2,'2026-11-20 11:36:00.000000');
CREATE TABLE wish_theme (
	wish_id INTEGER NOT NULL, 
	theme_id INTEGER NOT NULL, 
	CONSTRAINT pk_wish_theme PRIMARY KEY (wish_id, theme_id), 
	CONSTRAINT fk_wish_theme_theme_id_theme FOREIGN KEY(theme_id) REFERENCES theme (id), 
	CONSTRAINT fk_wish_theme_wish_id_wish FOREIGN KEY(wish_id) REFERENCES wish (id) ON DELETE CASCADE
);
CREATE TABLE working_copy (
	id INTEGER NOT NULL, 
	user_id INTEGER, 
	deed_id INTEGER, 
	"key" VARCHAR(80) NOT NULL, 
	secret_hash VARCHAR(64), 
	fields JSON NOT NULL, 
	sequence INTEGER NOT NULL, 
	base_version INTEGER, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_working_copy PRIMARY KEY (id), 
	CONSTRAINT fk_working_copy_deed_id_deed FOREIGN KEY(deed_id) REFERENCES deed (id) ON DELETE CASCADE, 
	CONSTRAINT fk_working_copy_user_id_user FOREIGN KEY(user_id) REFERENCES user (id) ON DELETE CASCADE, 
	CONSTRAINT uq_working_copy_secret_hash UNIQUE (secret_hash), 
	CONSTRAINT uq_working_copy_user_id_key UNIQUE (user_id, "key")
);
CREATE INDEX ix_outbox_mail_sent_at_due_at ON outbox_mail (sent_at, due_at);
CREATE INDEX ix_account_token_user_id ON account_token (user_id);
CREATE INDEX ix_browser_session_seen_at ON browser_session (seen_at);
CREATE INDEX ix_browser_session_user_id ON browser_session (user_id);
CREATE INDEX ix_municipality_region_id ON municipality (region_id);
CREATE INDEX ix_organisation_municipality_id ON organisation (municipality_id);
CREATE INDEX ix_organisation_region_id ON organisation (region_id);
CREATE INDEX ix_membership_organisation_id ON membership (organisation_id);
CREATE INDEX ix_organisation_domain_organisation_id ON organisation_domain (organisation_id);
CREATE INDEX ix_deed_theme_theme_id ON deed_theme (theme_id);
CREATE INDEX ix_material_deed_id ON material (deed_id);
CREATE INDEX ix_notification_deed_id ON notification (deed_id);
CREATE INDEX ix_notification_user_id_id ON notification (user_id, id);
CREATE INDEX ix_story_deed_deed_id ON story_deed (deed_id);
CREATE INDEX ix_top_list_item_deed_id ON top_list_item (deed_id);
CREATE INDEX ix_reader_request_told_at ON reader_request (told_at);
CREATE INDEX ix_reader_request_user_id ON reader_request (user_id);
CREATE INDEX ix_saved_deed_deed_id ON saved_deed (deed_id);
CREATE INDEX ix_deed_co_author_user_id ON deed_co_author (user_id);
CREATE INDEX ix_deed_co_organisation_organisation_id ON deed_co_organisation (organisation_id);
CREATE INDEX ix_deed_link_deed_id ON deed_link (deed_id);
CREATE INDEX ix_deed_update_deed_id_happened_on ON deed_update (deed_id, happened_on);
CREATE INDEX ix_review_note_deed_id_id ON review_note (deed_id, id);
CREATE INDEX ix_working_copy_deed_id ON working_copy (deed_id);
CREATE INDEX ix_working_copy_saved_at ON working_copy (saved_at);
CREATE INDEX ix_deed_parent_id ON deed (parent_id);
CREATE INDEX ix_deed_merged_into_id ON deed (merged_into_id);
CREATE INDEX ix_deed_organisation_id ON deed (organisation_id);
CREATE INDEX ix_deed_publish_at ON deed (publish_at);
CREATE INDEX ix_deed_sector_id ON deed (sector_id);
CREATE INDEX ix_deed_author_id ON deed (author_id);
CREATE INDEX ix_deed_campaign_id ON deed (campaign_id);
CREATE INDEX ix_deed_status_published_at ON deed (status, published_at);
CREATE INDEX ix_deed_part_of_id ON deed (part_of_id);
CREATE INDEX ix_indicator_deed_id ON indicator (deed_id);
CREATE INDEX ix_attachment_created_by_id ON attachment (created_by_id);
CREATE INDEX ix_attachment_deed_id_id ON attachment (deed_id, id);
CREATE INDEX ix_picture_created_by_id ON picture (created_by_id);
CREATE INDEX ix_picture_deed_id_position ON picture (deed_id, position);
CREATE INDEX ix_search_log_day_query ON search_log (day, "query");
CREATE INDEX ix_mail_bounce_address ON mail_bounce (address);
CREATE INDEX ix_digest_subscriber_rhythm_told_until ON digest_subscriber (rhythm, told_until);
CREATE INDEX ix_follow_kind_target_id ON follow (kind, target_id);
CREATE UNIQUE INDEX ix_digest_issue_subscriber_id_until ON digest_issue (subscriber_id, until);
CREATE INDEX ix_adoption_member_user_id ON adoption_member (user_id);
CREATE INDEX ix_follow_up_user_id ON follow_up (user_id);
CREATE INDEX ix_adoption_organisation_id ON adoption (organisation_id);
CREATE INDEX ix_wish_author_id ON wish (author_id);
CREATE INDEX ix_wish_hidden_at_id ON wish (hidden_at, id);
CREATE INDEX ix_wish_organisation_id ON wish (organisation_id);
CREATE INDEX ix_wish_sector_id ON wish (sector_id);
CREATE INDEX ix_partner_call_deed_id ON partner_call (deed_id);
CREATE INDEX ix_partner_call_organisation_id ON partner_call (organisation_id);
CREATE INDEX ix_partner_call_until ON partner_call (until);
CREATE INDEX ix_partner_call_wish_id ON partner_call (wish_id);
CREATE INDEX ix_wish_answer_deed_id ON wish_answer (deed_id);
CREATE INDEX ix_wish_promise_deed_id ON wish_promise (deed_id);
CREATE INDEX ix_wish_promise_user_id ON wish_promise (user_id);
CREATE INDEX ix_wish_supporter_user_id ON wish_supporter (user_id);
CREATE INDEX ix_wish_theme_theme_id ON wish_theme (theme_id);
CREATE INDEX ix_partner_interest_user_id ON partner_interest (user_id);
CREATE INDEX ix_news_item_created_at ON news_item (created_at);
CREATE INDEX ix_news_item_deed_id ON news_item (deed_id);
CREATE INDEX ix_news_item_wish_id ON news_item (wish_id);
CREATE INDEX ix_deed_thanks_user_id ON deed_thanks (user_id);
CREATE INDEX ix_private_question_asker_id ON private_question (asker_id);
CREATE INDEX ix_private_question_deed_id ON private_question (deed_id);
CREATE INDEX ix_private_question_turn_created_at ON private_question (turn, created_at);
CREATE INDEX ix_comment_report_comment_id ON comment_report (comment_id);
CREATE INDEX ix_comment_report_handled_at ON comment_report (handled_at);
CREATE INDEX ix_private_message_question_id ON private_message (question_id);
CREATE INDEX ix_comment_author_id ON comment (author_id);
CREATE INDEX ix_comment_deed_id_id ON comment (deed_id, id);
CREATE INDEX ix_comment_parent_id ON comment (parent_id);
CREATE INDEX ix_comment_held_at ON comment (held_at);
CREATE INDEX ix_nomination_campaign_id_nominee_email ON nomination (campaign_id, nominee_email);
CREATE INDEX ix_nomination_deed_id ON nomination (deed_id);
CREATE INDEX ix_nomination_from_organisation_id ON nomination (from_organisation_id);
CREATE INDEX ix_nomination_invited_at ON nomination (invited_at);
CREATE INDEX ix_nomination_user_id ON nomination (user_id);
CREATE INDEX ix_award_correction_campaign_id ON award_correction (campaign_id);
CREATE INDEX ix_diploma_batch_campaign_id ON diploma_batch (campaign_id);
CREATE INDEX ix_award_campaign_id ON award (campaign_id);
CREATE INDEX ix_award_deed_id ON award (deed_id);
CREATE INDEX ix_award_organisation_id ON award (organisation_id);
CREATE INDEX ix_queue_claim_user_id ON queue_claim (user_id);
CREATE INDEX ix_top_list_keeper_user_id ON top_list_keeper (user_id);
CREATE INDEX ix_moderation_entry_kind_target_id ON moderation_entry (kind, target_id);
CREATE INDEX ix_report_decided_at_id ON report (decided_at, id);
CREATE INDEX ix_report_kind_target_id ON report (kind, target_id);
CREATE INDEX ix_report_reporter_id ON report (reporter_id);
CREATE INDEX ix_organisation_name_organisation_id_until ON organisation_name (organisation_id, until);
CREATE TRIGGER moderation_entry_kept_from_update BEFORE UPDATE ON moderation_entry
            BEGIN SELECT RAISE(ABORT, 'the log of moderation is only added to'); END;
CREATE TRIGGER moderation_entry_kept_from_delete BEFORE DELETE ON moderation_entry
            BEGIN SELECT RAISE(ABORT, 'the log of moderation is only added to'); END;
CREATE INDEX ix_recovery_code_user_id ON recovery_code (user_id);
CREATE INDEX ix_identity_user_id ON identity (user_id);
CREATE INDEX ix_invitation_email ON invitation (email);
CREATE INDEX ix_invitation_organisation_id ON invitation (organisation_id);
CREATE INDEX ix_audit_entry_event_id ON audit_entry (event, id);
CREATE INDEX ix_audit_entry_actor_id_id ON audit_entry (actor_id, id);
CREATE INDEX ix_jury_member_user_id ON jury_member (user_id);
CREATE INDEX ix_jury_score_deed_id ON jury_score (deed_id);
CREATE INDEX ix_shortlisted_deed_campaign_id ON shortlisted_deed (campaign_id);
CREATE INDEX ix_weekly_feature_deed_id ON weekly_feature (deed_id);
CREATE INDEX ix_campaign_state ON campaign (state);
CREATE INDEX ix_guide_page_shelf ON guide_page (shelf);
CREATE INDEX ix_survey_answer_year ON survey_answer (year);
CREATE INDEX ix_newsletter_send_at ON newsletter (send_at);
CREATE INDEX ix_newsletter_delivery_subscriber_id ON newsletter_delivery (subscriber_id);
CREATE INDEX ix_story_theme_theme_id ON story_theme (theme_id);
CREATE INDEX ix_story_organisation_organisation_id ON story_organisation (organisation_id);
CREATE INDEX ix_lead_asker_id ON lead (asker_id);
CREATE INDEX ix_lead_state_remind_on ON lead (state, remind_on);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('user',2);
INSERT INTO "sqlite_sequence" VALUES('index_task',3);
COMMIT;
