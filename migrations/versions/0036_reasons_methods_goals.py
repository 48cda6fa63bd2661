"""reasons, methods and goals to choose from"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

TAG = sa.table(
    'tag', sa.column('id', sa.Integer), sa.column('kind', sa.String), sa.column('slug', sa.String),
    sa.column('name', sa.String), sa.column('name_sv', sa.String), sa.column('name_en', sa.String),
    sa.column('synonyms', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')),
)
DEED_TAG = sa.table('deed_tag', sa.column('deed_id', sa.Integer), sa.column('tag_id', sa.Integer))
MOVED = sa.table('moved_address', sa.column('kind', sa.String), sa.column('slug', sa.String))
KINDS = ('tilanne', 'menetelma')

FRESH = (
    ('hyoty', 'tuottavuus-ja-tuloksellisuus', 'tuottavuus ja tuloksellisuus', 'produktivitet och resultat', 'productivity and results', ['tehokkuus', 'effektivitet', 'efficiency']),
    ('hyoty', 'asukkaiden-hyvinvointi', 'asukkaiden hyvinvointi', 'invånarnas välbefinnande', 'well-being of residents', ['kuntalaisten hyvinvointi', 'välfärd', 'wellbeing']),
    ('hyoty', 'tyovoiman-saatavuus', 'työvoiman saatavuus', 'tillgång till arbetskraft', 'labour supply', ['työvoimapula', 'henkilöstön saatavuus', 'arbetskraftsbrist', 'labour shortage']),
    ('tilanne', 'toimintakulttuurin-uudistaminen', 'toimintakulttuurin uudistaminen', 'förnyelse av verksamhetskulturen', 'renewing the culture of work', ['organisaatiokulttuuri', 'organisationskultur', 'organisational culture']),
    ('tilanne', 'elakoityminen', 'eläköityminen ja osaajien saatavuus', 'pensioneringar och tillgång till kunnig personal', 'retirements and finding skilled staff', ['eläkkeelle jääminen', 'pensionsavgångar', 'retirement']),
    ('tilanne', 'tiukka-talous', 'tiukka talous', 'stram ekonomi', 'tight finances', ['talouden sopeuttaminen', 'sparkrav', 'budget cuts']),
    ('tilanne', 'palvelun-parantaminen', 'palvelua piti parantaa', 'servicen behövde förbättras', 'the service had to get better', ['palvelujen uudistaminen', 'serviceförbättring', 'service improvement']),
    ('tilanne', 'tyonantajakuva', 'työnantajakuva', 'arbetsgivarbild', 'employer image', ['työnantajakokemus', 'arbetsgivarvarumärke', 'employer brand']),
    ('tilanne', 'tyo-ei-sujunut', 'työ ei sujunut', 'arbetet löpte inte smidigt', 'work did not run smoothly', ['pullonkaulat', 'flaskhalsar', 'bottlenecks']),
    ('tilanne', 'kuormitus', 'kuormitus ja jaksaminen', 'belastning och ork', 'workload and coping', ['uupumus', 'utmattning', 'burnout']),
    ('tilanne', 'uusi-tiimi', 'uusi tiimi', 'nytt team', 'new team', ['uusi työyhteisö', 'ny arbetsgemenskap', 'new work community']),
    ('tilanne', 'organisaatiomuutos', 'yhdistyminen tai organisaatiomuutos', 'sammanslagning eller omorganisering', 'merger or reorganisation', ['kuntaliitos', 'kommunsammanslagning', 'restructuring']),
    ('tilanne', 'uudet-tilat', 'uudet tilat tai muutto', 'nya lokaler eller flytt', 'new premises or a move', ['toimitilat', 'verksamhetslokaler', 'relocation']),
    ('tilanne', 'kriisi', 'kriisi tai poikkeusolot', 'kris eller undantagsförhållanden', 'crisis or exceptional conditions', ['pandemia', 'pandemi', 'pandemic']),
    ('tilanne', 'uusi-teknologia', 'uusi teknologia tai järjestelmä', 'ny teknik eller nytt system', 'new technology or system', ['järjestelmän käyttöönotto', 'systembyte', 'system change']),
    ('tilanne', 'uusi-laki-tai-tehtava', 'uusi laki tai tehtävä', 'ny lag eller uppgift', 'new law or duty', ['lakimuutos', 'lagändring', 'reform']),
    ('tilanne', 'strategia', 'strategian toteuttaminen', 'genomförande av strategin', 'carrying out the strategy', ['kaupunkistrategia', 'kuntastrategia', 'kommunstrategi', 'strategic goal']),
    ('menetelma', 'kysely', 'kysely', 'enkät', 'survey', ['palautekysely', 'förfrågan', 'questionnaire']),
    ('menetelma', 'tiimikierros', 'tiimikierros', 'runda i teamen', 'team round', ['yksikkökierros']),
    ('menetelma', 'haastattelut', 'haastattelut', 'intervjuer', 'interviews', ['ryhmähaastattelu', 'gruppintervju', 'group interview']),
    ('menetelma', 'tyopaja', 'työpaja', 'workshop', 'workshop', ['klinikkatyöpaja', 'verkstad']),
    ('menetelma', 'valmennus-tai-koulutus', 'valmennus tai koulutus', 'utbildning', 'training', ['kouluttautuminen', 'fortbildning']),
    ('menetelma', 'sisaiset-kehittajat', 'sisäiset kehittäjät', 'interna utvecklare', 'in-house developers', ['muutosagentit', 'förändringsagenter', 'change agents']),
    ('menetelma', 'ulkopuolinen-tuki', 'ulkopuolinen tuki tai sparraus', 'utomstående stöd eller sparring', 'outside support or sparring', ['ulkopuolinen asiantuntija', 'konsultti', 'konsult', 'utomstående sakkunnig', 'consultant']),
    ('menetelma', 'kokeilu', 'kokeilu', 'försök', 'experiment', ['pilotti', 'pilot', 'pilot']),
    ('menetelma', 'palvelumuotoilu', 'palvelumuotoilu', 'tjänstedesign', 'service design', []),
    ('menetelma', 'johto-mukana', 'johto mukana kehittämässä', 'ledningen med i utvecklingen', 'management took part', ['johdon sitoutuminen', 'ledningens engagemang', 'management commitment']),
    ('menetelma', 'asiakkaat-mukana', 'asiakkaat mukana suunnittelussa', 'kunderna med i planeringen', 'customers took part', ['asiakasraati', 'kundråd', 'customer panel']),
    ('menetelma', 'verkosto-tai-vertaistuki', 'verkosto tai vertaistuki', 'nätverk eller kamratstöd', 'network or peer support', ['oppimisverkosto', 'lärnätverk', 'peer learning']),
    ('menetelma', 'peli', 'peli', 'spel', 'game', ['pelaaminen']),
    ('menetelma', 'itsearviointi', 'itsearviointi', 'självvärdering', 'self-assessment', []),
)
"""Kind, slug, names in Finnish, Swedish and English, words that find it; a site that begins gets them as seeds."""


def upgrade() -> None:
    connection = op.get_bind()
    known = {tuple(row) for row in connection.execute(sa.select(TAG.c.kind, TAG.c.slug))}
    if not known:
        return
    known |= {tuple(row) for row in connection.execute(sa.select(MOVED.c.kind, MOVED.c.slug))}
    keys = ('kind', 'slug', 'name', 'name_sv', 'name_en', 'synonyms')
    rows = [dict(zip(keys, row, strict=True)) for row in FRESH if row[:2] not in known]
    op.bulk_insert(TAG, rows)


def downgrade() -> None:
    """The code of before stops at a tag of a kind that it does not know."""
    gone = sa.select(TAG.c.id).where(TAG.c.kind.in_(KINDS)).scalar_subquery()
    op.execute(sa.delete(DEED_TAG).where(DEED_TAG.c.tag_id.in_(gone)))
    op.execute(sa.delete(TAG).where(TAG.c.kind.in_(KINDS)))
    op.execute(sa.delete(MOVED).where(MOVED.c.kind.in_(KINDS)))
