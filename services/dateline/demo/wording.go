package demo

// wording is what a paper says around its articles.
type wording struct {
	Home, ReadAlso, Share, By, Published, Updated, Illustration, Comments, Correction, Rights string
	// Cookies, Accept and Refuse are the cookie banner's.
	Cookies, Accept, Refuse string
}

var wordings = map[string]wording{
	"ar": {
		Home: "الرئيسية", ReadAlso: "اقرأ أيضا", Share: "مشاركة", By: "بقلم", Published: "نشر في", Updated: "آخر تحديث",
		Illustration: "صورة توضيحية", Comments: "التعليقات", Correction: "تصحيح", Rights: "جميع الحقوق محفوظة",
		Cookies: "نستخدم ملفات تعريف الارتباط لقياس عدد الزيارات.", Accept: "موافق", Refuse: "رفض",
	},
	"de": {
		Home: "Startseite", ReadAlso: "Lesen Sie auch", Share: "Teilen", By: "Von", Published: "Veröffentlicht am", Updated: "Aktualisiert am",
		Illustration: "Symbolbild", Comments: "Kommentare", Correction: "Berichtigung", Rights: "Alle Rechte vorbehalten",
		Cookies: "Wir verwenden Cookies, um unsere Reichweite zu messen.", Accept: "Einverstanden", Refuse: "Ablehnen",
	},
	"en": {
		Home: "Home", ReadAlso: "Read also", Share: "Share", By: "By", Published: "Published", Updated: "Updated",
		Illustration: "Illustration", Comments: "Comments", Correction: "Correction", Rights: "All rights reserved",
		Cookies: "We use cookies to count our readers.", Accept: "Accept all", Refuse: "Reject",
	},
	"es": {
		Home: "Inicio", ReadAlso: "Lea también", Share: "Compartir", By: "Por", Published: "Publicado el", Updated: "Actualizado el",
		Illustration: "Ilustración", Comments: "Comentarios", Correction: "Fe de errores", Rights: "Todos los derechos reservados",
		Cookies: "Usamos cookies para medir nuestra audiencia.", Accept: "Aceptar", Refuse: "Rechazar",
	},
	"fr": {
		Home: "Accueil", ReadAlso: "À lire aussi", Share: "Partager", By: "Par", Published: "Publié le", Updated: "Mis à jour le",
		Illustration: "Illustration", Comments: "Commentaires", Correction: "Rectificatif", Rights: "Tous droits réservés",
		Cookies: "Nous utilisons des cookies pour mesurer notre audience.", Accept: "Tout accepter", Refuse: "Refuser",
	},
	"it": {
		Home: "Prima pagina", ReadAlso: "Leggi anche", Share: "Condividi", By: "Di", Published: "Pubblicato il", Updated: "Aggiornato il",
		Illustration: "Illustrazione", Comments: "Commenti", Correction: "Rettifica", Rights: "Tutti i diritti riservati",
		Cookies: "Usiamo i cookie per contare i lettori.", Accept: "Accetta", Refuse: "Rifiuta",
	},
	"ja": {
		Home: "ホーム", ReadAlso: "関連記事", Share: "共有", By: "文", Published: "公開", Updated: "更新",
		Illustration: "イメージ", Comments: "コメント", Correction: "訂正", Rights: "無断転載を禁じます",
		Cookies: "閲覧数を測るためにクッキーを使用しています。", Accept: "同意する", Refuse: "拒否",
	},
	"nl": {
		Home: "Voorpagina", ReadAlso: "Lees ook", Share: "Delen", By: "Door", Published: "Gepubliceerd op", Updated: "Bijgewerkt op",
		Illustration: "Illustratie", Comments: "Reacties", Correction: "Rectificatie", Rights: "Alle rechten voorbehouden",
		Cookies: "Wij gebruiken cookies om bezoeken te tellen.", Accept: "Akkoord", Refuse: "Weigeren",
	},
	"pt": {
		Home: "Início", ReadAlso: "Leia também", Share: "Partilhar", By: "Por", Published: "Publicado em", Updated: "Atualizado em",
		Illustration: "Ilustração", Comments: "Comentários", Correction: "Correção", Rights: "Todos os direitos reservados",
		Cookies: "Usamos cookies para medir a audiência.", Accept: "Aceitar", Refuse: "Recusar",
	},
	"ru": {
		Home: "Главная", ReadAlso: "Читайте также", Share: "Поделиться", By: "Автор", Published: "Опубликовано", Updated: "Обновлено",
		Illustration: "Иллюстрация", Comments: "Комментарии", Correction: "Поправка", Rights: "Все права защищены",
		Cookies: "Мы используем файлы cookie для подсчёта посещений.", Accept: "Согласен", Refuse: "Отказаться",
	},
	"zh": {
		Home: "首页", ReadAlso: "延伸阅读", Share: "分享", By: "撰文", Published: "发布于", Updated: "更新于",
		Illustration: "示意图", Comments: "评论", Correction: "更正", Rights: "版权所有",
		Cookies: "我们使用 Cookie 统计访问量。", Accept: "同意", Refuse: "拒绝",
	},
}
