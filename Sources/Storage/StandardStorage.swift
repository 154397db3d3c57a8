public import HoneyCodecs

extension StorageCatalog {
    /// Makes the catalog of all formats and SerDes of this room; file suffixes and settings name its codecs.
    public static func standard(codecs: CodecCatalog) -> StorageCatalog {
        let serdes: [any SerDe] = [LazySimpleSerDe(), LazyBinarySerDe(), ColumnarSerDe(), LazyBinaryColumnarSerDe()]
        return StorageCatalog(
            formats: [
                TextFormat(codecs: codecs, serdes: serdes), SequenceFileFormat(serdes: serdes, codecs: codecs),
                RCFileFormat(serdes: serdes, codecs: codecs),
            ],
            serdes: serdes)
    }
}
