/** Required by mocha before anything else: gateways and commands of tests speak English, whatever the language of this machine. */
process.env.POSTERN_TEXTS_LANGUAGE = 'en';
