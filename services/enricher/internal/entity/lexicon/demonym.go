package lexicon

// demonyms are adjectives and nouns of nations and continents in languages that
// print them with a capital: English, and the nouns of German.
const demonyms = `
afghan afghans african africans albanian albanians algerian algerians american americans angolan arab arabs arabian arabic
argentine argentinian argentinians armenian armenians asian asians australian australians austrian austrians azerbaijani
bahraini bangladeshi basque bavarian belarusian belarusians belgian belgians bolivian bosnian bosnians brazilian brazilians
british britons briton bulgarian bulgarians burmese californian cambodian cameroonian canadian canadians caribbean catalan
catalans chechen chechens chilean chileans chinese colombian colombians congolese croat croatian croatians croats cuban cubans
cypriot cypriots czech czechs danes danish dominican dutch dutchman ecuadorian egyptian egyptians english englishman eritrean
estonian estonians ethiopian ethiopians european europeans fijian filipino filipinos finnish finns flemish french frenchman
gambian gazan georgian georgians german germans ghanaian ghanaians greek greeks guatemalan guinean haitian haitians hawaiian
hispanic hispanics honduran hungarian hungarians icelandic indian indians indonesian indonesians iranian iranians iraqi iraqis
irish irishman israeli israelis italian italians ivorian jamaican japanese jordanian jordanians kazakh kenyan kenyans korean
koreans kosovar kurdish kurds kuwaiti kyrgyz laotian latin latino latinos latvian latvians lebanese liberian libyan libyans
lithuanian lithuanians macedonian malagasy malawian malaysian malaysians malian maltese mauritanian mediterranean mexican
mexicans moldovan mongolian montenegrin moroccan moroccans mozambican namibian nepalese nepali nicaraguan nigerian nigerians
nigerien nordic norwegian norwegians omani pakistani pakistanis palestinian palestinians panamanian paraguayan persian
peruvian peruvians polish portuguese prussian qatari romanian romanians russian russians rwandan salvadoran saudi saudis
scandinavian scot scots scottish senegalese serb serbian serbs siberian sicilian singaporean slovak slovakian slovaks slovene
slovenian slovenians somali somalis soviet soviets spaniard spaniards spanish sudanese swede swedes swedish swiss syrian
syrians taiwanese tajik tanzanian texan thai tibetan tibetans togolese tunisian tunisians turk turkish turkmen turks ugandan
ukrainian ukrainians uruguayan uzbek venezuelan venezuelans vietnamese welsh yemeni yemenis yugoslav zairean zambian
zimbabwean zimbabweans
jewish jews jew muslim muslims christian christians catholic catholics protestant protestants sunni sunnis shia shiite shiites
hindu hindus buddhist buddhists islamic islamist islamists
afghane afghanen afrikaner albaner algerier amerikaner amerikanern amerikanerin araber arabern argentinier armenier asiaten
australier belgier bosnier brasilianer briten brite bulgaren bulgare chilenen chilene chinesen chinesin dänen däne
deutsche deutschen deutscher ecuadorianer engländer esten europäer europäern finne finnen franzose franzosen französin
georgier griechen grieche holländer inder indianer indonesier iraker iraner iren isländer israeli israelis italiener
italienern italienerin jamaikaner japaner japanern jordanier jugoslawen kanadier kenianer kolumbianer koreaner kroate kroaten
kubaner kurde kurden letten libanese libanesen libyer litauer luxemburger marokkaner mazedonier mexikaner niederländer
nigerianer nordkoreaner norweger österreicher pakistaner palästinenser palästinensern peruaner pole portugiese
portugiesen rumäne rumänen russen russe saudis schotten schotte schwede schweizer serben serbe slowaken slowenen
somalier sowjets spanier südafrikaner südkoreaner sudanesen syrer tibeter tschechen tscheche tschetschenen tunesier
türken türke ukrainer uruguayer venezolaner vietnamesen waliser
juden jude jüdin muslime muslimen muslimin christen katholiken protestanten schiiten sunniten hindus buddhisten islamisten`
