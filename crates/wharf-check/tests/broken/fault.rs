//! One value for each defect that a broken peer can have.

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// A defect. A peer has one or none.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Fault { $($(#[doc = $doc])* $name,)* }

        impl Fault {
            /// All there are.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

faults! {
    // Peers that do next to nothing: what positive cases are for.

    /// Closes TCP as soon as the handshake is done.
    ClosesAtOnce,
    /// Reads on whatever waits to be sent, and keeps all of it.
    HoldsEchoes,
    /// Reads everything and sends nothing.
    NeverAnswers,
    /// Changes the first byte of every echo.
    EchoesWrongPayload,
    /// Sends text back as binary and binary as text.
    EchoesOtherKind,
    /// Sends every echo twice.
    EchoesTwice,
    /// Cuts an echo to 125 bytes.
    CutsEchoes,
    /// Echoes each fragment as a message of its own.
    EchoesFragments,
    /// Forgets what was received before a control frame between two fragments.
    ForgetsAtControl,
    /// Takes the two length bytes of a frame in little-endian order.
    ReadsLengthsBackwards,
    /// Takes each read for a frame: loses what follows a frame in the same segment.
    LosesNextFrame,
    /// Unmasks each read from the start of the key.
    RestartsMask,

    // Frames.

    /// As server, accepts frames without a mask.
    AcceptsUnmasked,
    /// As client, accepts frames with a mask.
    AcceptsMasked,
    /// Accepts a length below 126 in 16 bits.
    AcceptsLongLength16,
    /// Accepts a length below 65,536 in 64 bits.
    AcceptsLongLength64,
    /// Drops the top bit of a 64-bit length.
    AcceptsTopBit,
    /// Ignores RSV1 where no extension gave it a meaning.
    IgnoresRsv1,
    /// Ignores RSV2.
    IgnoresRsv2,
    /// Ignores RSV3.
    IgnoresRsv3,
    /// Takes the opcodes 3 to 7 for binary.
    AcceptsReservedData,
    /// Skips frames with the opcodes 11 to 15.
    AcceptsReservedControl,
    /// Accepts control frames without FIN.
    AcceptsFragmentedControl,
    /// Accepts control frames of more than 125 bytes.
    AcceptsLongControl,
    /// Takes a continuation without a start for a binary message.
    AcceptsLoneContinuation,
    /// Takes a new message inside a message for a continuation.
    AcceptsInterleaved,
    /// Skips frames without payload.
    LosesEmptyFrames,

    // What it sends.

    /// As server, masks.
    MasksAsServer,
    /// As client, does not mask.
    SendsUnmasked,
    /// As client, does not mask frames without payload.
    SendsEmptyUnmasked,
    /// As client, masks every frame with one key.
    ReusesMaskingKey,
    /// As client, masks every frame with zeros.
    ZeroMaskingKey,
    /// As client, counts its keys up.
    CountsMaskingKeys,
    /// Writes every length in at least 16 bits.
    SendsLongLength16,
    /// Writes every length that needs 16 bits in 64 bits.
    SendsLongLength64,
    /// Sets RSV2 in every frame.
    SendsRsv2,
    /// Sends the opcode 3 for binary.
    SendsReservedOpcode,
    /// Adds a byte to the Pong for 125 bytes.
    SendsLongControl,
    /// Sends Pongs without FIN.
    SendsFragmentedControl,
    /// Sends an echo in two fragments, the second of which starts a message again.
    SendsTwoStarts,

    // UTF-8.

    /// Looks at text when the message is complete.
    LateUtf8,
    /// Looks at text when a frame is complete.
    FrameUtf8,
    /// Never looks at text.
    NoUtf8Check,
    /// Never looks at the reason of a Close.
    NoReasonCheck,
    /// Looks at each fragment as if it were a message.
    FragmentUtf8,
    /// Looks at each read as if it were a message.
    ReadUtf8,
    /// Accepts surrogates, as CESU-8 does.
    AcceptsSurrogates,
    /// Accepts code points in more bytes than they need.
    AcceptsOverlong,
    /// Accepts code points beyond U+10FFFF.
    AcceptsBeyondUnicode,
    /// Accepts a text that ends inside a code point.
    AcceptsCutText,
    /// Refuses code points beyond U+FFFF.
    RefusesAstral,
    /// Refuses noncharacters such as U+FFFE.
    RefusesNoncharacters,
    /// Answers text that is not UTF-8 with 1002.
    Utf8Is1002,
    /// Checks binary messages for UTF-8.
    ChecksBinary,

    // Ping and Pong.

    /// Never answers a Ping.
    NoPong,
    /// Answers a Ping with an empty Pong.
    EmptyPong,
    /// Changes the first byte of a Pong.
    WrongPong,
    /// Takes the payload of a Ping for text and loses what is not UTF-8.
    TextPong,
    /// Answers a Ping when the message under way is complete.
    LatePong,
    /// Answers a Pong with a Pong.
    AnswersPongs,
    /// Fails the connection on a Pong that it did not ask for.
    RefusesPongs,
    /// Answers each Ping with the payload of the first.
    FirstPongAgain,

    // Close.

    /// Accepts a Close with a body of one byte.
    AcceptsOneByteClose,
    /// Accepts the close codes 0 to 999.
    AcceptsLowCodes,
    /// Accepts 1004, 1005, 1006 and 1015.
    AcceptsReservedCodes,
    /// Accepts 1016 to 2999.
    AcceptsUnknownCodes,
    /// Accepts 5000 and above.
    AcceptsHighCodes,
    /// Refuses 1012 to 1014, which were registered after the RFC.
    RefusesNewCodes,
    /// Refuses 3000 to 4999.
    RefusesPrivateCodes,
    /// Refuses every code but 1000.
    RefusesMostCodes,
    /// Refuses a Close with a reason.
    RefusesReasons,
    /// Answers an empty Close with 1005.
    Echoes1005,
    /// Answers an empty Close with 1006.
    Echoes1006,
    /// Answers every Close with 4999.
    AnswersOtherCode,
    /// Adds a reason that is not UTF-8 to its Close.
    SendsBadReason,
    /// Closes TCP instead of answering a Close.
    NoCloseReply,
    /// Ignores a Close.
    IgnoresClose,
    /// Echoes once more after its Close.
    DataAfterClose,
    /// Sends its Close twice.
    TwoCloses,
    /// Answers what comes after a Close.
    GoesOnAfterClose,
    /// Closes TCP on a breach of the protocol, without a Close.
    NoCloseOnError,
    /// Sends 1000 on a breach of the protocol.
    ErrorIs1000,
    /// Sends its Close after a breach of the protocol, and goes on.
    GoesOnAfterError,
    /// Skips what breaks the protocol, and goes on.
    IgnoresErrors,
    /// Stays silent after a breach of the protocol, and open.
    HangsOnError,
    /// Keeps TCP open after the closing handshake.
    KeepsTcpOpen,
    /// Closes TCP before it has read what the peer sent, so that the Close is lost in a reset.
    ClosesWithoutDraining,
    /// As client, closes TCP without waiting for the server.
    ClientCutsFirst,
    /// Does not notice that TCP ended, and keeps its own half open.
    IgnoresEof,

    // The request, as server.

    /// Answers with a wrong Sec-WebSocket-Accept.
    WrongAccept,
    /// Sends Sec-WebSocket-Accept twice.
    TwoAccepts,
    /// Answers 200 instead of 101.
    Answers200,
    /// Leaves Upgrade out of the 101.
    NoUpgradeAnswer,
    /// Leaves Connection out of the 101.
    NoConnectionAnswer,
    /// Accepts POST.
    AcceptsPost,
    /// Accepts HTTP/1.0.
    AcceptsHttp10,
    /// Accepts a request without Host.
    AcceptsNoHost,
    /// Accepts two Hosts.
    AcceptsTwoHosts,
    /// Accepts a request without Upgrade: websocket.
    NoUpgradeCheck,
    /// Accepts a request without Connection: upgrade.
    NoConnectionCheck,
    /// Compares Upgrade and Connection with their case.
    CaseSensitiveUpgrade,
    /// Takes Connection and Upgrade for one token, not for a list.
    NoTokenLists,
    /// Reads the last of several header lines of one name only.
    LastLineOnly,
    /// Accepts a request without Sec-WebSocket-Key.
    AcceptsNoKey,
    /// Accepts a key of any length and alphabet.
    AcceptsAnyKey,
    /// Accepts two keys.
    AcceptsTwoKeys,
    /// Refuses a key whose unused last bits are set, as the RFC's sample.
    CanonicalKeysOnly,
    /// Accepts any version.
    AcceptsAnyVersion,
    /// Accepts 013 and 13 in a list.
    ReadsVersionLoosely,
    /// Accepts two versions.
    AcceptsTwoVersions,
    /// Refuses a version without saying which it speaks.
    HidesVersion,
    /// Answers with the first subprotocol offered.
    EchoesFirstProtocol,
    /// Answers with an empty Sec-WebSocket-Protocol.
    EmptyProtocol,
    /// Answers with a subprotocol that nobody offered.
    InventsProtocol,
    /// Accepts a malformed Sec-WebSocket-Protocol.
    AcceptsBadProtocols,
    /// Answers with an extension that nobody offered.
    InventsExtension,
    /// Accepts a malformed Sec-WebSocket-Extensions.
    AcceptsBadExtensions,
    /// Ends without an answer on a malformed Sec-WebSocket-Extensions.
    DiesOfBadExtensions,
    /// Refuses a request that offers an extension unknown to it.
    RefusesUnknownExtensions,
    /// Accepts a body.
    AcceptsBody,
    /// Drops what came with the request or the response.
    DropsEarlyFrames,
    /// Accepts header lines that are folded.
    AcceptsFolding,
    /// Accepts control characters in values.
    AcceptsNul,
    /// Accepts a CR inside a value.
    AcceptsBareCr,
    /// Accepts a space inside a name.
    AcceptsBadNames,
    /// Takes any first line for that of a good request.
    AcceptsAnyStart,
    /// Accepts a space before the colon.
    AcceptsSpaceBeforeColon,
    /// Skips header lines without a colon.
    AcceptsNoColon,
    /// Answers every bad request by closing TCP.
    RefusesSilently,
    /// Reads one segment and takes it for the whole head.
    ReadsHeadOnce,
    /// Reads a head of any size.
    NoHeadLimit,
    /// Reads any number of headers.
    NoHeaderCount,
    /// Cuts the head after 40 headers, and with them whatever followed.
    ForgetsLateHeaders,
    /// Waits for a head for ever.
    NoHandshakeTimeout,
    /// Begins the timeout of the handshake again with every byte.
    RestartsHandshakeTimeout,

    // Origin, as server.

    /// Accepts every Origin.
    AcceptsAnyOrigin,
    /// Accepts the Origin "null".
    AcceptsNullOrigin,
    /// Accepts an Origin that ends with the host.
    AcceptsOriginSuffix,
    /// Accepts an Origin that begins with the host.
    AcceptsOriginPrefix,
    /// Does not compare the ports.
    IgnoresOriginPort,
    /// Does not compare the schemes.
    IgnoresOriginScheme,
    /// Accepts an Origin that is no origin, such as a bare host.
    AcceptsBadOrigin,
    /// Accepts two Origins, of which one is good.
    AcceptsTwoOrigins,
    /// Compares the Origin with its case.
    CaseSensitiveOrigin,
    /// Refuses every Origin.
    RefusesAnyOrigin,
    /// Refuses requests without Origin.
    WantsOrigin,

    // The response, as client.

    /// Does not look at Sec-WebSocket-Accept.
    IgnoresAccept,
    /// Compares Sec-WebSocket-Accept without its case.
    CaseBlindAccept,
    /// Accepts Sec-WebSocket-Accept twice.
    AcceptsTwoAccepts,
    /// Takes every status for success.
    IgnoresStatus,
    /// Does not look at Upgrade.
    IgnoresUpgrade,
    /// Does not look at Connection.
    IgnoresConnection,
    /// Accepts a subprotocol that it did not offer.
    IgnoresProtocol,
    /// Accepts an extension that it did not offer.
    IgnoresExtension,
    /// Accepts a body or a coding on the 101.
    IgnoresBody,
    /// Accepts a response of HTTP/1.0.
    IgnoresHttpVersion,
    /// Sends one key for ever.
    ConstantKey,
    /// Sends a key of 8 bytes.
    ShortKey,
    /// Sends no version.
    SendsNoVersion,
    /// Sends no Host.
    SendsNoHost,
    /// Sends POST.
    SendsPost,
    /// Sends no Upgrade.
    SendsNoUpgrade,
    /// Sends no Connection.
    SendsNoConnection,
    /// Sends a frame before it has read the response.
    SendsEarly,

    // Deflate: what is agreed.

    /// Answers with client_max_window_bits that nobody offered.
    AnswersUnofferedBits,
    /// Accepts unknown parameters.
    AcceptsUnknownParameters,
    /// Accepts a parameter twice.
    AcceptsTwiceParameters,
    /// Accepts window bits that are no number from 8 to 15.
    AcceptsBadBits,
    /// Accepts a value for the parameters that have none.
    AcceptsContextValues,
    /// Accepts server_max_window_bits without a value.
    AcceptsNoBits,
    /// Declines a quoted value.
    RefusesQuotedBits,
    /// Refuses the request for a bad offer.
    RefusesBadOffers,
    /// Answers with an element for each offer.
    AnswersTwice,
    /// Answers with more window bits than were offered.
    AnswersMoreBits,
    /// Agrees on a window of 8 bits and uses 15.
    Uses15For8,
    /// Agrees on a window of 9 bits or more and uses 15.
    Uses15ForLess,
    /// Does not answer server_no_context_takeover.
    ForgetsServerContext,
    /// As client, accepts a client_max_window_bits that is larger than offered, or not offered.
    IgnoresClientBits,
    /// As client, accepts a server_max_window_bits that is larger than offered.
    IgnoresServerBits,
    /// As client, accepts permessage-deflate twice.
    IgnoresSecondDeflate,

    // Deflate: what is sent and received.

    /// Refuses RSV1 though permessage-deflate was agreed.
    RefusesRsv1,
    /// Refuses messages without RSV1 once permessage-deflate was agreed.
    WantsRsv1,
    /// Accepts RSV1 on continuations.
    AcceptsContinuedRsv1,
    /// Accepts RSV1 on control frames.
    AcceptsControlRsv1,
    /// Takes RSV1 on a control frame for a mark of the next message.
    CarriesControlRsv1,
    /// Keeps the context of its compressor though none was agreed.
    KeepsContext,
    /// Loses the context of its inflater though it was agreed.
    LosesContext,
    /// Loses the context of its inflater with a message that was not compressed.
    LosesContextAtPlain,
    /// Puts messages that were not compressed into the context of its inflater.
    TakesPlainContext,
    /// Loses the context of its inflater with an empty message.
    LosesContextAtEmpty,
    /// Keeps 512 bytes of context in its inflater.
    KeepsLittleContext,
    /// Compresses an empty message to no bytes.
    SendsEmptyDeflate,
    /// Leaves the tail 00 00 ff ff on what it sends.
    KeepsTail,
    /// Compresses without RSV1.
    ForgetsRsv1,
    /// Stops at the first final block.
    StopsAtFinal,
    /// Refuses a message with a final block.
    RefusesFinal,
    /// Loses the context at a final block.
    LosesContextAtFinal,
    /// Adds the tail after each fragment.
    TailPerFragment,
    /// Refuses stored blocks.
    RefusesStored,
    /// Does not notice that a message ends inside a block.
    AcceptsCutDeflate,
    /// Does not notice what cannot be inflated, and echoes what came before it.
    AcceptsBadDeflate,
    /// Answers an empty payload with RSV1 with the last message.
    EchoesStale,
    /// Accepts an empty payload with RSV1 for an empty message.
    AcceptsEmptyDeflate,
    /// Inflates without a limit.
    NoInflateLimit,
    /// Does not look at text that was compressed.
    NoInflatedUtf8,
    /// Goes on after a message that cannot be inflated.
    GoesOnAfterBadDeflate,
    /// Answers what cannot be inflated with 1000.
    BadDeflateIs1000,

    // Limits and timers.

    /// Has no limit for messages.
    NoMessageLimit,
    /// Has no limit for what a frame announces.
    NoFrameLimit,
    /// Has no limit for the number of fragments.
    NoFragmentLimit,
    /// Answers what is too big with 1002.
    TooBigIs1002,
    /// Waits for the peer's Close for ever.
    NoCloseTimeout,
    /// Waits for ever for a peer that says nothing.
    NoIdleTimeout,
}
