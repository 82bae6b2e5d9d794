//! What a seeded account is made of. All names are made up or common, all domains are of the reserved
//! `example`.

/// People of one script: as they write themselves, and as their e-mail address has it.
pub(crate) struct Script {
    /// The country's telephone code.
    pub(crate) code: &'static str,
    pub(crate) first: &'static [(&'static str, &'static str)],
    pub(crate) last: &'static [(&'static str, &'static str)],
}

pub(crate) const GIVEN: [Script; 12] = [
    Script {
        code: "+1",
        first: &[
            ("Robin", "robin"),
            ("Ada", "ada"),
            ("Morgan", "morgan"),
            ("Sam", "sam"),
            ("Grace", "grace"),
            ("Noah", "noah"),
        ],
        last: &[
            ("Carter", "carter"),
            ("O'Neill", "oneill"),
            ("Hughes", "hughes"),
            ("Brooks", "brooks"),
            ("van Dyke", "vandyke"),
        ],
    },
    Script {
        code: "+49",
        first: &[
            ("Jürgen", "juergen"),
            ("Anneliese", "anneliese"),
            ("Jonas", "jonas"),
            ("Käthe", "kaethe"),
        ],
        last: &[
            ("Weiß", "weiss"),
            ("Müller", "mueller"),
            ("Schröder", "schroeder"),
            ("Groß-Lindemann", "gross-lindemann"),
        ],
    },
    Script {
        code: "+33",
        first: &[
            ("Renée", "renee"),
            ("Zoé", "zoe"),
            ("François", "francois"),
            ("Anaïs", "anais"),
        ],
        last: &[
            ("Lefèvre", "lefevre"),
            ("D'Aubigné", "daubigne"),
            ("Moreau", "moreau"),
            ("Gaël", "gael"),
        ],
    },
    Script {
        code: "+48",
        first: &[
            ("Łukasz", "lukasz"),
            ("Małgorzata", "malgorzata"),
            ("Zbigniew", "zbigniew"),
        ],
        last: &[
            ("Wiśniewski", "wisniewski"),
            ("Żółć", "zolc"),
            ("Kowalska", "kowalska"),
        ],
    },
    Script {
        code: "+380",
        first: &[("Ольга", "olga"), ("Дмитро", "dmytro"), ("Юлія", "yuliia")],
        last: &[
            ("Шевченко", "shevchenko"),
            ("Коваленко", "kovalenko"),
            ("Бондар", "bondar"),
        ],
    },
    Script {
        code: "+30",
        first: &[
            ("Ελένη", "eleni"),
            ("Νίκος", "nikos"),
            ("Δήμητρα", "dimitra"),
        ],
        last: &[("Παπαδοπούλου", "papadopoulou"), ("Γεωργίου", "georgiou")],
    },
    Script {
        code: "+81",
        first: &[("愛子", "aiko"), ("健", "ken"), ("さくら", "sakura")],
        last: &[("石田", "ishida"), ("佐藤", "sato"), ("𠮷野", "yoshino")],
    },
    Script {
        code: "+82",
        first: &[("지민", "jimin"), ("서연", "seoyeon"), ("민준", "minjun")],
        last: &[("김", "kim"), ("이", "lee"), ("남궁", "namgung")],
    },
    Script {
        code: "+86",
        first: &[("伟", "wei"), ("芳", "fang"), ("秀英", "xiuying")],
        last: &[("王", "wang"), ("欧阳", "ouyang"), ("李", "li")],
    },
    Script {
        code: "+20",
        first: &[("فاطمة", "fatima"), ("أحمد", "ahmed"), ("ليلى", "layla")],
        last: &[("حسن", "hassan"), ("عبد الرحمن", "abdelrahman")],
    },
    Script {
        code: "+91",
        first: &[("अनन्या", "ananya"), ("राहुल", "rahul"), ("प्रिया", "priya")],
        last: &[("शर्मा", "sharma"), ("पटेल", "patel")],
    },
    Script {
        code: "+234",
        first: &[
            ("Adébáyọ̀", "adebayo"),
            ("Chiamaka", "chiamaka"),
            ("Ìfẹ́", "ife"),
        ],
        last: &[("Nwosu", "nwosu"), ("Ọlátúnjí", "olatunji")],
    },
];

/// Name, domain, country and city.
pub(crate) const COMPANIES: [(&str, &str, &str, &str); 10] = [
    ("Example Corp", "example.com", "US", "Lehi"),
    ("Example Logistik GmbH", "logistik.example", "DE", "Köln"),
    ("Société Exemple", "exemple.example", "FR", "Besançon"),
    ("Przykład sp. z o.o.", "przyklad.example", "PL", "Łódź"),
    ("株式会社例", "rei.example", "JP", "東京"),
    ("예제 주식회사", "yeje.example", "KR", "서울"),
    ("示例有限公司", "shili.example", "CN", "上海"),
    ("Παράδειγμα Α.Ε.", "paradeigma.example", "GR", "Αθήνα"),
    ("Приклад ТОВ", "pryklad.example", "UA", "Київ"),
    (
        "Example & Sons, \"Research\"",
        "research.example",
        "GB",
        "Leeds",
    ),
];

pub(crate) const JOBS: [&str; 9] = [
    "Platform Engineer",
    "SRE",
    "Head of IT",
    "Responsable sécurité",
    "Certificate Manager",
    "システム管理者",
    "Leiterin Netzbetrieb",
    "Системний адміністратор",
    "CISO",
];

pub(crate) const HOSTS: [&str; 12] = [
    "www", "api", "mail", "shop", "vpn", "login", "cdn", "db", "git", "ci", "status", "pay",
];

pub(crate) struct Product {
    pub(crate) weight: u32,
    pub(crate) name_id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) validation: &'static str,
}

const fn product(
    weight: u32,
    name_id: &'static str,
    name: &'static str,
    kind: &'static str,
    validation: &'static str,
) -> Product {
    Product {
        weight,
        name_id,
        name,
        kind,
        validation,
    }
}

/// The mix is made up.
pub(crate) const PRODUCTS: [Product; 8] = [
    product(40, "ssl_plus", "Standard SSL", "ssl_certificate", "ov"),
    product(
        15,
        "ssl_multi_domain",
        "Multi-Domain SSL",
        "ssl_certificate",
        "ov",
    ),
    product(12, "ssl_wildcard", "Wildcard", "ssl_certificate", "ov"),
    product(
        8,
        "ssl_ev_plus",
        "Extended Validation SSL",
        "ssl_certificate",
        "ev",
    ),
    product(
        12,
        "ssl_dv_geotrust",
        "GeoTrust DV SSL",
        "dv_ssl_certificate",
        "dv",
    ),
    product(
        6,
        "wildcard_dv_rapidssl",
        "RapidSSL Wildcard DV",
        "dv_ssl_certificate",
        "dv",
    ),
    product(
        5,
        "private_ssl_plus",
        "Private SSL",
        "ssl_certificate",
        "ov",
    ),
    product(
        2,
        "code_signing",
        "Code Signing",
        "code_signing_certificate",
        "ov",
    ),
];

/// How many in a hundred orders are in each status; made up.
pub(crate) const STATUSES: [(&str, u32); 8] = [
    ("issued", 74),
    ("expired", 12),
    ("pending", 4),
    ("revoked", 3),
    ("canceled", 3),
    ("reissue_pending", 2),
    ("rejected", 1),
    ("needs_approval", 1),
];
