public import HoneyCodecs

extension StorageCatalog {
    /// The SerDes of this room, the usual one first.
    public static let standardSerDes: [any SerDe] = [
        LazySimpleSerDe(), LazyBinarySerDe(), ColumnarSerDe(), LazyBinaryColumnarSerDe(), CSVSerDe(), JSONSerDe(),
        OpenXJSONSerDe(), RegexSerDe(), ContributedRegexSerDe(), MultiDelimitSerDe(), DelimitedJSONSerDe(),
    ]

    /// Makes the catalog of all formats and SerDes of this room; file suffixes and settings name its codecs.
    public static func standard(codecs: CodecCatalog) -> StorageCatalog {
        let serdes = standardSerDes
        let text = TextFormat(codecs: codecs, serdes: serdes)
        return StorageCatalog(
            formats: [
                text, SequenceFileFormat(serdes: serdes, codecs: codecs),
                RCFileFormat(serdes: serdes, codecs: codecs), JSONFileFormat(text),
            ],
            serdes: serdes)
    }
}
